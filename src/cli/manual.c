/* SPDX-License-Identifier: MIT */
/* The manual entries that several commands share, and the order of all. */
#include "cli/manual.h"
#include <string.h>

static const gbxi_manual_entry configuration_entries[] = {
    {"CONFIGURATION", NULL,
     "All options except --help and --print-config can be set on the command line and in the environment. All of these "
     "except --config can also be set in the configuration file that --config names. The command line takes precedence "
     "over the environment, the environment over the file, and the file over the default."},
    {"CONFIGURATION", NULL,
     "If a source sets an option more than once, the last value applies. For an option that may be given many times, "
     "all values of a source apply together and replace the values of sources with lower precedence. An invalid value "
     "is an error even if another value would replace it."},
    {"CONFIGURATION FILE", NULL,
     "A line is empty, a comment that begins with #, or 'option = value', with the full name of the option without "
     "dashes. An unknown name is an error. An option that takes no value on the command line is set to on or off in "
     "the file, for example 'redact-names = on'. On the command line, --redact-names=off overrides this. An option "
     "that may be given many times has one line per value."},
    {"CONFIGURATION FILE", NULL,
     "A value ends at the end of the line or before a space followed by #. A value in double quotes may contain these "
     "characters and may begin or end with spaces. In quotes, a quote or a backslash must be preceded by a backslash. "
     "The maximum size is 1 MiB for the file and 16 KiB for a line. File names are relative to the working directory."},
    {"ENVIRONMENT", "GLASSBOX_OPTION",
     "Sets the option with this name, in capitals and with _ instead of -. For example, GLASSBOX_MAX_BODY=4M sets "
     "max-body, and GLASSBOX_CONFIG names the configuration file. An option that takes no value on the command line is "
     "set to on or off. Commas separate the values of an option that may be given many times. A variable that is set "
     "but empty is an empty value, which is an error. Variables that belong to no option are ignored; --print-config "
     "lists them."},
};

static const gbxi_manual_entry server_statuses[] = {
    {"EXIT STATUS", "0", "The server was stopped and all requests finished."},
    {"EXIT STATUS", "1", "The operation failed, for example because of a certificate, an address or memory."},
    {"EXIT STATUS", "2",
     "The command line, the environment or the configuration file is invalid, or the configuration file cannot be "
     "read."},
};

static const gbxi_manual_entry statuses[] = {
    {"EXIT STATUS", "0", "Success."},
    {"EXIT STATUS", "1", "The operation failed, for example because of a file or memory."},
    {"EXIT STATUS", "2", "The command line is invalid."},
};

/* Of commands over a store. */
static const gbxi_manual_entry store_entries[] = {
    {"ENVIRONMENT", "GLASSBOX_STORE", "Directory of the store, unless --store names it."},
    {"FILES", ".glassbox", "The store, unless another is named: a file for each run, and the catalog of them."},
};

/* Of commands that print tables. */
static const gbxi_manual_entry table_entries[] = {
    {"ENVIRONMENT", "COLUMNS", "Width of tables, instead of that of the terminal."},
    {"ENVIRONMENT", "NO_COLOR", "If it is not empty, nothing is coloured."},
};

/* Of the program. */
static const gbxi_manual_entry program_entries[] = {
    {"ENVIRONMENT", "GLASSBOX_STORE", "Directory of the store, for all commands that have --store."},
    {"FILES", ".glassbox", "The store, unless another is named: a file for each run, and the catalog of them."},
    {"EXAMPLES", "glassbox serve --store .glassbox", "Serve graphs, and keep traces of slow and failed requests."},
    {"EXAMPLES", "glassbox list", "Say what was kept, from another terminal."},
    {"EXAMPLES", "glassbox show", "Show where the slowest request of the last run spent its time."},
};

/* A table of entries, or a part of none. */
typedef struct manual_part {
    const gbxi_manual_entry *at;
    size_t count;
} manual_part;

#define MANUAL_PART(table) ((manual_part){(table), sizeof(table) / sizeof((table)[0])})

enum { MANUAL_PARTS_MAX = 6 };

static bool has_option_named(const gbxi_command *command, const char *name)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        if (strcmp(option->name, name) == 0)
            return true;
    return false;
}

/* Whether the command prints tables. */
static bool has_tables(const gbxi_command *command)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        for (size_t j = 0; option->kind == GBXI_KIND_CHOICE && option->choices[j] != NULL; j++)
            if (strcmp(option->choices[j], "table") == 0)
                return true;
    return false;
}

static manual_part own_part(const gbxi_command *command)
{
    manual_part part = {.at = command->manual};

    while (part.at != NULL && part.at[part.count].section != NULL)
        part.count++;
    return part;
}

/* The parts of a command's manual. Returns their number. */
static size_t manual_parts(const gbxi_command *command, manual_part parts[static MANUAL_PARTS_MAX])
{
    size_t count = 0;

    if (command == NULL) {
        parts[count++] = MANUAL_PART(program_entries);
        parts[count++] = MANUAL_PART(statuses);
        return count;
    }
    if (command->configurable)
        parts[count++] = MANUAL_PART(configuration_entries);
    parts[count++] = command->configurable ? MANUAL_PART(server_statuses) : MANUAL_PART(statuses);
    if (!command->configurable && has_option_named(command, "store"))
        parts[count++] = MANUAL_PART(store_entries);
    if (has_tables(command))
        parts[count++] = MANUAL_PART(table_entries);
    parts[count++] = own_part(command);
    return count;
}

/* Sections that follow the others, in the order of man-pages(7). */
static size_t section_rank(const char *section)
{
    static const char *const last[] = {"EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"};

    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
        if (strcmp(section, last[i]) == 0)
            return i + 1;
    return 0;
}

bool gbxi_manual_entry_at(const gbxi_command *command, size_t index, gbxi_manual_entry *entry)
{
    enum { RANKS = 5 };
    manual_part parts[MANUAL_PARTS_MAX];
    size_t count = manual_parts(command, parts);

    for (size_t rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < parts[i].count; j++)
                if (section_rank(parts[i].at[j].section) == rank && index-- == 0) {
                    *entry = parts[i].at[j];
                    return true;
                }
    return false;
}
