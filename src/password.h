/* Passwords that stand neither on the command line nor in the environment. Main thread, before the
 * screen is drawn. */
#ifndef DT_PASSWORD_H
#define DT_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

/* The first line of a file that nobody else may read; replaces *password (freed, may be NULL).
 * false: error says why and what to do. */
bool password_read(const char *path, char **password, char *error, size_t size);

/* Asks at the terminal without echo; username may be NULL. */
bool password_ask(const char *username, char **password, char *error, size_t size);

#endif
