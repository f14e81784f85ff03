/* SPDX-License-Identifier: MIT */
/* The manual entries that all commands share. */
#include "cli/manual.h"

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

_Static_assert(sizeof(statuses) == sizeof(server_statuses), "every command has the same number of exit statuses");

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool gbxi_manual_entry_at(const gbxi_command *command, size_t index, gbxi_manual_entry *entry)
{
    size_t own_count = 0, configuration_count = 0;

    if (command != NULL && command->manual != NULL)
        while (command->manual[own_count].section != NULL)
            own_count++;
    if (command != NULL && command->configurable)
        configuration_count = COUNT(configuration_entries);
    if (index < configuration_count) {
        *entry = configuration_entries[index];
        return true;
    }
    index -= configuration_count;
    if (index < own_count) {
        *entry = command->manual[index];
        return true;
    }
    index -= own_count;
    if (index >= COUNT(statuses))
        return false;
    *entry = configuration_count > 0 ? server_statuses[index] : statuses[index];
    return true;
}
