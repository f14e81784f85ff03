/* SPDX-License-Identifier: MIT */
/* Reads secrets from arguments, files and terminals, and wipes them. */
#define _GNU_SOURCE
#include "cli/trace/secret.h"
#include "base/file.h"
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static gbx_err check_secret(gbxi_secret *secret, const char *what, gbx_error *error)
{
    secret->text[strcspn(secret->text, "\r\n")] = '\0';
    if (secret->text[0] == '\0')
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "the %s is empty", what);
    return GBX_ERR_OK;
}

static gbx_err read_secret_file(gbxi_secret *secret, const char *path, const char *what, gbx_error *error)
{
    gbxi_file file = {.what = what, .path = path};
    size_t length = 0;
    gbx_err err;

    if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK)
        err = gbxi_file_read(&file, secret->text, sizeof(secret->text) - 1, &length, error);
    gbxi_file_close(&file);
    secret->text[err == GBX_ERR_OK ? length : 0] = '\0';
    return err;
}

gbx_err gbxi_secret_read(gbxi_secret *secret, const char *given, const char *what, gbx_error *error)
{
    gbx_err err;

    if (given[0] == '@') {
        if ((err = read_secret_file(secret, given + 1, what, error)) != GBX_ERR_OK)
            return err;
    } else if (strlen(given) < sizeof(secret->text)) {
        memcpy(secret->text, given, strlen(given) + 1);
    } else {
        return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the %s is longer than %d bytes", what, GBXI_SECRET_SIZE - 1);
    }
    return check_secret(secret, what, error);
}

/* Byte by byte, because what is behind the line is for somebody else. */
static bool read_line(int fd, gbxi_secret *secret)
{
    size_t length = 0;
    char byte;
    ssize_t count;

    while ((count = read(fd, &byte, 1)) == 1 && byte != '\n' && length + 1 < sizeof(secret->text))
        secret->text[length++] = byte;
    secret->text[length] = '\0';
    return count != -1 && length + 1 < sizeof(secret->text);
}

static volatile sig_atomic_t secret_interrupted;

static void interrupt_reading(int signal)
{
    (void)signal;
    secret_interrupted = 1;
}

/* A signal ends the process only when its terminal has an echo again. It is blocked but for the time of the wait, so
 * that it comes neither too early nor between a look and a wait. */
static bool read_without_echo(gbxi_secret *secret, const char *prompt)
{
    const struct sigaction interrupt = {.sa_handler = interrupt_reading};
    struct pollfd poller = {.fd = STDIN_FILENO, .events = POLLIN};
    struct sigaction usual;
    struct termios before, quiet;
    sigset_t blocked, open;
    bool good;

    if (tcgetattr(STDIN_FILENO, &before) == -1)
        return false;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ECHONL;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, &open);
    sigaction(SIGINT, &interrupt, &usual);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fputs(prompt, stderr); /* who sees it may type */
    fflush(stderr);
    good = ppoll(&poller, 1, NULL, &open) == 1 && read_line(STDIN_FILENO, secret);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    sigaction(SIGINT, &usual, NULL);
    sigprocmask(SIG_SETMASK, &open, NULL);
    if (secret_interrupted) {
        fputc('\n', stderr);
        raise(SIGINT);
    }
    return good;
}

gbx_err gbxi_secret_ask(gbxi_secret *secret, const char *prompt, gbx_error *error)
{
    bool good = isatty(STDIN_FILENO) == 1 ? read_without_echo(secret, prompt) : read_line(STDIN_FILENO, secret);

    if (!good)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot read the login from standard input");
    return check_secret(secret, "login", error);
}

void gbxi_secret_wipe(gbxi_secret *secret)
{
    explicit_bzero(secret->text, sizeof(secret->text));
}

void gbxi_secret_hide(const char *argument)
{
    if (argument != NULL)
        memset((char *)(uintptr_t)argument, '*', strlen(argument));
}
