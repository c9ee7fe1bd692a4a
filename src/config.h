/* The configuration file: INI. [dt-top] holds long options, [profile NAME] those to be used
 * together, [mapping NAME] how messages are to be decoded (core/mapping.h), [limits PATTERN] what
 * series may do (core/limit_rules.h). Main thread. */
#ifndef DT_CONFIG_H
#define DT_CONFIG_H

#include "options.h"

/* Reads options->config, or else the user's own config.ini if there is one, over what options hold.
 * A file that was named must exist; an unknown key or a bad value is an error that names file and
 * line. */
bool config_load(struct options *options, char *error, size_t size);

/* The file that config_load() reads; false if there is none for this user. */
bool config_path(const struct options *options, char *out, size_t size);

/* Reads the files of options->mapping_files: a path, or the name of a mapping that came with the
 * program. */
bool config_load_mappings(struct options *options, char *error, size_t size);

/* What the environment says (DT_TOP_PASSWORD, NO_COLOR), over what options hold. */
void config_environment(struct options *options);

#endif
