/* The link's own copy of its options, so that the caller's may go. Any thread. */
#ifndef DT_SOURCE_LINK_OPTIONS_H
#define DT_SOURCE_LINK_OPTIONS_H

#include "source/link.h"

/* Copies every string but `show` (NULL in the copy) and mends what libmosquitto would not take. */
void link_options_copy(struct link_options *out, const struct link_options *in);

/* Frees the copies; the password is wiped first. */
void link_options_fini(struct link_options *options);

/* The subscriptions joined with blanks; free() it. */
char *link_options_filters(const struct link_options *options);

#endif
