/* Who wants to know how a message is decoded (--explain) hands one of these to a decoder: it is
 * told of each decision as it falls. Without one nothing is put into words. */
#ifndef DT_CORE_TRACE_H
#define DT_CORE_TRACE_H

struct trace {
    /* part: what was decided on ("sensor", "unit"); place: in the payload, "" for all of it or the
     * topic; why: the rule, for a person. Foreign text in place and why is not sanitised. All
     * die with the call. */
    void (*tell)(void *context, const char *part, const char *place, const char *why);
    void *context;
};

#endif
