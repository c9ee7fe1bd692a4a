/* The command lines and files that doc/recipes.md shows, taken from it as they stand, so that what
 * it says is what is tested. The shell runs them in a folder that is their home and working
 * directory; system.pem in it holds the CAs that their system trusts. Every helper fails the test
 * by itself. */
#ifndef DT_TESTS_BROKER_RECIPE_H
#define DT_TESTS_BROKER_RECIPE_H

#include <stddef.h>

void recipe_open(void);
const char *recipe_home(void);
void recipe_close(void);

/* A file in the folder that only its owner may read; good as a password file. */
void recipe_write(const char *name, const char *text);

/* What a placeholder of the document stands for here; they are put in place in the order in which
 * they were named. */
void recipe_swap(const char *from, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many commands of dt-top the section shows; title "" is the whole document. */
unsigned recipe_count(const char *title);

/* The which-th of them, from 0, filled in. Good until the test ends, as all text from here. */
const char *recipe_command(const char *title, unsigned which);

/* The indented block of the section that begins with these words, filled in. */
const char *recipe_block(const char *title, const char *begin);

/* The command with one part of it changed, or left out ("" for to). */
const char *recipe_change(const char *command, const char *from, const char *to);

/* Runs something to its good end. */
void recipe_run(const char *command);

/* Runs dt-top until a line of JSON holds this text, and ends it. */
void recipe_expect(const char *command, const char *text);

/* What that run has said on stderr. */
void recipe_expect_said(const char *words);

/* ... until it complains with these words; what it has read by then is nothing. */
void recipe_expect_trouble(const char *command, const char *words);

#endif
