/* SPDX-License-Identifier: MIT */
/* Reads the memory of the machine and of the control groups. */
#define _GNU_SOURCE
#include "server/machine_memory.h"
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_SIZE = PATH_MAX + 256 };

static size_t machine_physical_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);

    return pages > 0 && page_bytes > 0 ? (size_t)pages * (size_t)page_bytes : SIZE_MAX;
}

/* The number in a file; SIZE_MAX if there is none, as in "max". */
static size_t read_limit(const char *name)
{
    FILE *file = fopen(name, "re");
    char text[64] = "", *end;
    unsigned long long limit;
    bool read;

    if (file == NULL)
        return SIZE_MAX;
    read = fgets(text, sizeof(text), file) != NULL;
    fclose(file);
    errno = 0;
    limit = strtoull(text, &end, 10);
    return read && end != text && errno == 0 ? (size_t)limit : SIZE_MAX;
}

/* The least limit of the group `path`, which is cut, and of its parents. */
static size_t groups_limit(const char *root, const char *folder, char *path, const char *file)
{
    char name[2 * PATH_MAX];
    size_t least = SIZE_MAX, limit;
    char *end = path + strlen(path);

    for (; end != NULL; end = strrchr(path, '/')) {
        *end = '\0';
        snprintf(name, sizeof(name), "%s%s%s/%s", root, folder, path, file);
        if ((limit = read_limit(name)) < least)
            least = limit;
    }
    return least;
}

/* Whether a list with commas has the item `memory`. */
static bool lists_memory(char *list)
{
    char *rest = NULL;

    for (char *item = strtok_r(list, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest))
        if (strcmp(item, "memory") == 0)
            return true;
    return false;
}

/* Reads a line of /proc/self/cgroup, which is "NUMBER:CONTROLLERS:PATH". Version 2 has no controllers. */
static size_t line_limit(const char *root, char *line)
{
    char *controllers = strchr(line, ':'), *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;

    if (path == NULL || path[1] != '/')
        return SIZE_MAX;
    line[strcspn(line, "\n")] = '\0';
    *path++ = '\0';
    if (controllers[1] == '\0')
        return groups_limit(root, "/sys/fs/cgroup", path, "memory.max");
    return lists_memory(controllers + 1) ? groups_limit(root, "/sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
                                         : SIZE_MAX;
}

size_t gbxi_machine_memory(const char *root)
{
    size_t least = machine_physical_memory(), limit;
    char line[LINE_SIZE];
    FILE *file;

    snprintf(line, sizeof(line), "%s/proc/self/cgroup", root);
    if ((file = fopen(line, "re")) == NULL)
        return least;
    while (fgets(line, sizeof(line), file) != NULL)
        if ((limit = line_limit(root, line)) < least)
            least = limit;
    fclose(file);
    return least;
}
