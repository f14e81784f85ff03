/* SPDX-License-Identifier: MIT */
/* Finds groups by sorting the calls that may be in one. */
#include "findings/groups.h"
#include "base/grow.h"
#include <stdlib.h>

typedef struct gbxi_group_member {
    uint64_t argument, duration_ns;
    uint32_t parent, frame, statement;
    bool is_guessed;
} gbxi_group_member;

#define GROUP_ORDER(a, b)                                                                                              \
    if ((a) != (b))                                                                                                    \
    return (a) < (b) ? -1 : 1

static int groups_compare(const void *a, const void *b)
{
    const gbxi_group_member *left = a, *right = b;

    GROUP_ORDER(left->parent, right->parent);
    GROUP_ORDER(left->frame, right->frame);
    GROUP_ORDER(left->statement, right->statement);
    GROUP_ORDER(left->argument, right->argument);
    return 0;
}

/* What a statement itself runs, such as a full-text search its tables, is not the program's loop. */
static bool groups_is_loop(const gbxi_calls *calls, uint32_t parent)
{
    return parent != GBXI_CALL_NONE && calls->at[parent].child_count >= GBXI_GROUP_CALLS_MIN &&
           calls->at[parent].statement == GBXI_PLACE_NONE;
}

static bool groups_collect(gbxi_call_groups *groups, const gbxi_calls *calls, size_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < calls->count; i++) {
        const gbxi_call *call = &calls->at[i];

        if (call->argument == 0 || !groups_is_loop(calls, call->parent))
            continue;
        if (!gbxi_grow(&groups->members, &groups->member_capacity, *count + 1, sizeof(*groups->members)))
            return false;
        groups->members[(*count)++] = (gbxi_group_member){call->argument, call->duration_ns, call->parent,
                                                          call->frame,    call->statement,   call->is_guessed};
    }
    return true;
}

static bool groups_are_together(const gbxi_group_member *a, const gbxi_group_member *b)
{
    return a->parent == b->parent && a->frame == b->frame && a->statement == b->statement;
}

static bool groups_have_one_argument(const gbxi_group_member *a, const gbxi_group_member *b)
{
    return a->argument == b->argument;
}

/* How many members from the first on are alike. */
static size_t groups_run(const gbxi_group_member *members, size_t count,
                         bool (*alike)(const gbxi_group_member *a, const gbxi_group_member *b))
{
    size_t run = 1;

    while (run < count && alike(&members[0], &members[run]))
        run++;
    return run;
}

/* Adds the `count` calls with one argument. */
static void groups_add_argument(gbxi_call_group *group, const gbxi_group_member *members, size_t count)
{
    uint64_t total = 0, longest = 0;

    for (size_t i = 0; i < count; i++) {
        total += members[i].duration_ns;
        longest = members[i].duration_ns > longest ? members[i].duration_ns : longest;
        group->is_guessed |= members[i].is_guessed;
    }
    group->total_ns += total;
    group->longest_ns = longest > group->longest_ns ? longest : group->longest_ns;
    group->count += (uint32_t)count;
    group->distinct++;
    if (count < GBXI_GROUP_CALLS_MIN)
        return;
    group->repeated += (uint32_t)count;
    group->repeated_ns += total;
    group->repeated_gain_ns += total - longest;
}

static bool groups_add(gbxi_call_groups *groups, const gbxi_group_member *members, size_t count)
{
    gbxi_call_group group = {.parent = members[0].parent, .frame = members[0].frame, .statement = members[0].statement};

    for (size_t i = 0, same; i < count; i += same) {
        same = groups_run(members + i, count - i, groups_have_one_argument);
        groups_add_argument(&group, members + i, same);
    }
    if (!gbxi_grow(&groups->at, &groups->capacity, groups->count + 1, sizeof(*groups->at)))
        return false;
    groups->at[groups->count++] = group;
    return true;
}

bool gbxi_call_groups_find(gbxi_call_groups *groups, const gbxi_calls *calls)
{
    size_t count;

    groups->count = 0;
    if (!groups_collect(groups, calls, &count))
        return false;
    if (count > 0)
        qsort(groups->members, count, sizeof(*groups->members), groups_compare);
    for (size_t i = 0, together; i < count; i += together) {
        together = groups_run(groups->members + i, count - i, groups_are_together);
        if (together >= GBXI_GROUP_CALLS_MIN && !groups_add(groups, groups->members + i, together))
            return false;
    }
    return true;
}

void gbxi_call_groups_fini(gbxi_call_groups *groups)
{
    gbxi_account_free(groups->at);
    gbxi_account_free(groups->members);
    *groups = (gbxi_call_groups){.at = NULL};
}
