/* Themes by name or from a file: INI with sections [256], [16], [8] and [mono] of styles (theme.h).
 * data/themes/dark.ini explains the format. */
#ifndef DT_UI_THEME_FILE_H
#define DT_UI_THEME_FILE_H

#include "ui/theme.h"

/* `what` is a path if it holds '/' or '.'; else the name of a theme built in, or of NAME.ini in the
 * folder themes of the user's configuration or of the program's data. NULL: the dark one. false:
 * error names file and line. */
bool theme_load(struct theme *theme, const char *what, char *error, size_t size);

/* The names of those built in; NULL behind the last. */
const char *theme_name(size_t i);

#endif
