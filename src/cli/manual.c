/* SPDX-License-Identifier: MIT */
/* What holds for all commands and stands in every manual. */
#include "cli/manual.h"

static const gbxi_manual_entry configuration_entries[] = {
    {"CONFIGURATION", NULL,
     "Every option but --help and --print-config can be set on the command line, in the environment and, "
     "--config excepted, in the file that --config names. The command line has precedence over the "
     "environment, the environment over the file, and the file over the default."},
    {"CONFIGURATION", NULL,
     "Within one of these the last value counts. The values of an option that may be given many times add up "
     "within one of them, and replace those from the others that have less precedence. A value that is not "
     "valid is refused even where another one replaces it."},
    {"CONFIGURATION FILE", NULL,
     "A line is empty, a comment that begins with #, or 'option = value', with the name of the option in full "
     "and without dashes. An unknown name is an error. An option that takes no value on the command line is on "
     "or off in the file, as in 'redact-names = on'; on the command line, --redact-names=off overrides that. "
     "An option that may be given many times has a line for each value."},
    {"CONFIGURATION FILE", NULL,
     "A value ends where the line does, or before a blank followed by a #. In double quotes a value may have "
     "any of these in it, and blanks at its ends; a backslash comes before a quote or a backslash that is part "
     "of it. The file may have 1 MiB, a line 16 KiB. Names of files are relative to the working directory."},
    {"ENVIRONMENT", "GLASSBOX_OPTION",
     "Sets the option of that name, in capitals and with _ for -: GLASSBOX_MAX_BODY=4M sets max-body, and "
     "GLASSBOX_CONFIG names the configuration file. An option that takes no value on the command line is on or "
     "off. Commas separate the values of an option that may be given many times. A variable that is set but "
     "empty is an empty value, which no option takes. Variables that belong to no option are ignored; "
     "--print-config lists them."},
};

static const gbxi_manual_entry common_entries[] = {
    {"EXIT STATUS", "0", "Success, and a stop that let all requests finish."},
    {"EXIT STATUS", "1", "The work failed: a file, an address, the network, memory."},
    {"EXIT STATUS", "2", "The command line, the environment or the configuration file is not valid."},
};

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
    if (index >= COUNT(common_entries))
        return false;
    *entry = common_entries[index];
    return true;
}
