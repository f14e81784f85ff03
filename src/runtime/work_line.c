/* SPDX-License-Identifier: MIT */
/* Links work. */
#include "runtime/work_line.h"

void gbxi_work_line_init(gbxi_work_line *line)
{
    *line = (gbxi_work_line){.end = &line->first};
}

void gbxi_work_line_append(gbxi_work_line *line, gbxi_work *work)
{
    work->next = NULL;
    *line->end = work;
    line->end = &work->next;
    line->length++;
}

/* Removes the work that `link` points to. */
static gbxi_work *work_line_unlink(gbxi_work_line *line, gbxi_work **link)
{
    gbxi_work *work = *link;

    *link = work->next;
    if (*link == NULL)
        line->end = link;
    line->length--;
    return work;
}

gbxi_work *gbxi_work_line_take(gbxi_work_line *line)
{
    return work_line_unlink(line, &line->first);
}

bool gbxi_work_line_remove(gbxi_work_line *line, const gbxi_work *work)
{
    gbxi_work **link = &line->first;

    while (*link != NULL && *link != work)
        link = &(*link)->next;
    if (*link == NULL)
        return false;
    work_line_unlink(line, link);
    return true;
}
