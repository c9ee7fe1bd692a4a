#include "ui/keys.h"

static const struct {
    uint32_t key;
    enum command command;
} bindings[] = {
    {KEY_ARROW_UP, COMMAND_UP},
    {'k', COMMAND_UP},
    {KEY_ARROW_DOWN, COMMAND_DOWN},
    {'j', COMMAND_DOWN},
    {KEY_PAGE_UP, COMMAND_PAGE_UP},
    {KEY_PAGE_DOWN, COMMAND_PAGE_DOWN},
    {KEY_HOME_, COMMAND_HOME},
    {'g', COMMAND_HOME},
    {KEY_END_, COMMAND_END},
    {'G', COMMAND_END},
    {KEY_RETURN, COMMAND_OPEN},
    {'d', COMMAND_DECODED},
    {KEY_ESC, COMMAND_BACK},
    {'q', COMMAND_QUIT},
    {KEY_FUNCTION + 10, COMMAND_QUIT},
    {KEY_CTRL_C, COMMAND_INTERRUPT},
    {KEY_FUNCTION + 1, COMMAND_HELP},
    {'?', COMMAND_HELP},
    {KEY_FUNCTION + 6, COMMAND_SORT_MENU},
    {'>', COMMAND_SORT_NEXT},
    {'<', COMMAND_SORT_PREVIOUS},
    {'I', COMMAND_SORT_INVERT},
    {'p', COMMAND_PAUSE},
    {'L', COMMAND_LIVE},
    {'+', COMMAND_ZOOM_IN},
    {'=', COMMAND_ZOOM_IN}, /* + without the shift key */
    {'-', COMMAND_ZOOM_OUT},
    {'S', COMMAND_NEXT_SPAN},
    {'K', COMMAND_SCALE},
    {KEY_TAB_, COMMAND_NEXT_PANE},
    {'z', COMMAND_MAXIMISE},
    {'1', COMMAND_TABLE},
    {'2', COMMAND_CHART},
    {'3', COMMAND_EVENTS},
    {'4', COMMAND_BROKER},
    {KEY_FUNCTION + 7, COMMAND_SIM_TOGGLE},
    {'s', COMMAND_SIM_TOGGLE},
    {KEY_FUNCTION + 8, COMMAND_SIM_SPAWN},
    {'i', COMMAND_SIM_SPAWN},
    {KEY_FUNCTION + 9, COMMAND_SIM_KILL},
    {'x', COMMAND_SIM_KILL},
    {'f', COMMAND_SIM_FAULT},
    {'F', COMMAND_SIM_FAULT_AGAIN},
    {'e', COMMAND_NEXT_ANOMALY},
    {'E', COMMAND_PREVIOUS_ANOMALY},
    {KEY_FUNCTION + 3, COMMAND_SEARCH},
    {'/', COMMAND_SEARCH},
    {'n', COMMAND_SEARCH_NEXT},
    {'N', COMMAND_SEARCH_PREVIOUS},
    {'m', COMMAND_BOOKMARK},
    {' ', COMMAND_TAG},
    {'U', COMMAND_UNTAG},
    {'W', COMMAND_FOLLOW},
    {'M', COMMAND_MOUSE},
    {KEY_FUNCTION + 5, COMMAND_TREE},
    {'t', COMMAND_TREE},
    {KEY_ARROW_LEFT, COMMAND_LEFT},
    {KEY_ARROW_RIGHT, COMMAND_RIGHT},
    {KEY_CTRL_A, COMMAND_LEFTMOST},
    {KEY_CTRL_E, COMMAND_RIGHTMOST},
    {KEY_SHIFT_LEFT, COMMAND_LEFT_FAR},
    {KEY_SHIFT_RIGHT, COMMAND_RIGHT_FAR},
    {'[', COMMAND_SCRUB_BACK},
    {']', COMMAND_SCRUB_ON},
    {'{', COMMAND_SCRUB_FAR_BACK},
    {'}', COMMAND_SCRUB_FAR_ON},
    {'y', COMMAND_CHART_SCALE},
    {'v', COMMAND_CHART_COMPANY},
    {KEY_FUNCTION + 4, COMMAND_FILTER},
    {'\\', COMMAND_FILTER},
    {'a', COMMAND_ACKNOWLEDGE},
    {'u', COMMAND_MUTE},
    {'l', COMMAND_LIMITS},
    {'Y', COMMAND_COPY},
    {KEY_FUNCTION + 2, COMMAND_SETUP},
    {'o', COMMAND_SETUP},
    {KEY_CTRL_L, COMMAND_REDRAW},
    {KEY_CTRL_Z, COMMAND_SUSPEND},
};

enum command keys_command(uint32_t key)
{
    for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
        if (bindings[i].key == key)
            return bindings[i].command;
    return COMMAND_NONE;
}

bool keys_of_mouse(uint32_t key)
{
    return key >= KEY_CLICK && key <= KEY_DROP;
}

const struct key_help *keys_help(size_t *count)
{
    static const struct key_help help[] = {
        {"↑ ↓  j k", "move the selection"},
        {"PgUp PgDn", "move it by a page"},
        {"Home End  g G", "first and last row"},
        {"Enter", "open the selected twin; go to an event"},
        {"d", "its last message, and how it is decoded"},
        {"Esc", "back one level"},
        {"Tab", "next pane; on a card readings, payload"},
        {"z", "maximise the pane, and back"},
        {"F3  /", "search in the names, in folded groups too"},
        {"n N", "next and previous match"},
        {"F4  \\", "filter: temp  z>3  age>5m  state=lost  !pump"},
        {"1 2 3 4", "table, chart, events, broker"},
        {"F5  t", "tree by the levels of the topics, and back"},
        {"← →  ^A ^E", "scroll the columns, to both ends"},
        {"← →", "in the tree: fold, unfold; Enter does both"},
        {"Space  U", "tag: a u l x f hit all tagged; untag all"},
        {"W", "follow: the selection goes to each new alarm"},
        {"F6", "menu of what to sort by"},
        {"< >", "sort by the previous or next column"},
        {"I", "invert the order"},
        {"+ -  S", "zoom time; to 1 m, 5 m, 1 h, 24 h in turn"},
        {"K", "one scale for all trends of a kind"},
        {"← →  PgUp PgDn", "in a chart: move its cursor, by a tenth"},
        {"Home End", "there: the first reading kept, now"},
        {"y", "value axis: auto, fixed, mean ±3σ"},
        {"v", "tagged series overlaid, as strips, or not"},
        {"p", "pause the view; messages go on being counted"},
        {"[ ] { }", "back and on in time, a little or a lot"},
        {"L", "live again, the chart up to now"},
        {"e E", "next and previous anomaly or bookmark"},
        {"m", "bookmark the moment, or the selected event"},
        {"a", "acknowledge the selected anomaly"},
        {"u", "mute the selected series, or unmute it"},
        {"l", "set its limits: 10..80  max 80  5/min"},
        {"F7  s", "simulator on or off"},
        {"F8  i", "spawn a simulated sensor"},
        {"F9  x", "kill simulated sensors, never real ones"},
        {"f F", "inject a fault of a kind; the same again"},
        {"Y", "copy topic and value to the clipboard"},
        {"F2  o", "setup: theme, columns, threshold; w saves"},
        {"F1  ?", "this help; / searches in it"},
        {"M", "mouse off, to select text, and on"},
        {"^L ^Z", "redraw; suspend, fg brings it back"},
        {"q  F10", "back, at top level quit"},
        {"^C", "quit at once"},
    };
    *count = sizeof help / sizeof help[0];
    return help;
}

const struct key_label *keys_bar(bool sim_running, size_t *count)
{
    static const struct key_label stopped[] = {
        {1, "Help"}, {2, "Setup"},  {3, "Find"},  {4, "Filter"}, {5, "Tree"},
        {6, "Sort"}, {7, "Sim on"}, {8, "Spawn"}, {9, "Kill"},   {10, "Quit"},
    };
    static const struct key_label running[] = {
        {1, "Help"}, {2, "Setup"},   {3, "Find"},  {4, "Filter"}, {5, "Tree"},
        {6, "Sort"}, {7, "Sim off"}, {8, "Spawn"}, {9, "Kill"},   {10, "Quit"},
    };
    *count = sizeof stopped / sizeof stopped[0];
    return sim_running ? running : stopped;
}
