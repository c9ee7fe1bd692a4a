/* Small things that several views draw alike. */
#ifndef DT_UI_DRAW_H
#define DT_UI_DRAW_H

#include "core/snapshot.h"
#include "ui/canvas.h"

/* A rule across the rectangle's first line, for titles to stand in. */
void draw_rule(struct canvas *canvas, struct rect rect);

/* The edge of a menu that lies over the left end of the screen, its title on its first line: at the
 * right of rect, and below it where that is above row `bottom`. */
void draw_menu_edge(struct canvas *canvas, struct rect rect, int bottom);

/* A title on a rule, with a blank on either side, from x on and left of `right`. Returns where the
 * next one may start; draws nothing and returns x where there is no room. */
int draw_title(struct canvas *canvas, int x, int y, int right, unsigned style, const char *text);

/* The same, ending before `right`. Returns where the next one to the left must end. */
int draw_title_right(struct canvas *canvas, int left, int y, int right, unsigned style,
                     const char *text);

/* The first line of text broken at blanks into lines of so many columns (≥ 1). Returns the rest. */
const char *draw_line(struct canvas *canvas, int x, int y, int columns, unsigned style,
                      const char *text);

/* Text broken at blanks into lines of rect.width columns, as many as fit. Returns the lines drawn;
 * with a NULL canvas the lines that it would need. */
int draw_wrapped(struct canvas *canvas, struct rect rect, unsigned style, const char *text);

/* "twin/series" in at most `columns` columns; where it is too long, the twin is cut in its middle
 * first, so that the series stays readable. out has size bytes. Returns the columns used. */
unsigned draw_name(const char *twin, const char *series, unsigned columns, char *out, size_t size);

/* The state of a row in a few words: "spike z +7.2", "late", "offline". out holds 48 bytes. */
unsigned draw_state_words(const struct row *row, char out[48]);

/* Is the row's last anomaly young enough to stand out in full, or at all? */
bool draw_row_strong(const struct row *row);
bool draw_row_fresh(const struct row *row);

#endif
