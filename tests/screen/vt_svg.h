/* Pictures of a screen for the documents. Part of vt.c. */
#ifndef DT_TESTS_SCREEN_VT_SVG_H
#define DT_TESTS_SCREEN_VT_SVG_H

#include <stdio.h>

#include <vterm.h>

void vt_svg_write(const VTermScreen *screen, const VTerm *terminal, FILE *out);

#endif
