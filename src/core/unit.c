#include "core/unit.h"

#include <stddef.h>
#include <strings.h>

/* Words that sensors send for what has a symbol. Units that are symbols already need no line. */
static const struct {
    const char *word, *symbol;
} table[] = {
    {"celsius", "°C"},
    {"degc", "°C"},
    {"deg_c", "°C"},
    {"degree_celsius", "°C"},
    {"degrees_celsius", "°C"},
    {"fahrenheit", "°F"},
    {"degf", "°F"},
    {"kelvin", "K"},
    {"percent", "%"},
    {"pct", "%"},
    {"%rh", "%"},
    {"percent_rh", "%"},
    {"pascal", "Pa"},
    {"hectopascal", "hPa"},
    {"kilopascal", "kPa"},
    {"millibar", "mbar"},
    {"volt", "V"},
    {"volts", "V"},
    {"millivolt", "mV"},
    {"ampere", "A"},
    {"amperes", "A"},
    {"amp", "A"},
    {"milliampere", "mA"},
    {"watt", "W"},
    {"watts", "W"},
    {"kilowatt", "kW"},
    {"watt_hour", "Wh"},
    {"kilowatt_hour", "kWh"},
    {"hertz", "Hz"},
    {"second", "s"},
    {"seconds", "s"},
    {"minute", "min"},
    {"minutes", "min"},
    {"hour", "h"},
    {"hours", "h"},
    {"meter", "m"},
    {"meters", "m"},
    {"metre", "m"},
    {"centimeter", "cm"},
    {"millimeter", "mm"},
    {"liter", "l"},
    {"liters", "l"},
    {"litre", "l"},
    {"lux", "lx"},
    {"degree", "°"},
    {"degrees", "°"},
    {"ohm", "Ω"},
    {"cubic_meter", "m³"},
    {"m^3", "m³"},
    {"m3", "m³"},
    {"ug/m3", "µg/m³"},
    {"µg/m3", "µg/m³"},
    {"m/s2", "m/s²"},
    {"m/s^2", "m/s²"},
};

const char *unit_symbol(const char *unit)
{
    if (!unit)
        return "";
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcasecmp(unit, table[i].word) == 0)
            return table[i].symbol;
    return unit;
}
