// SPDX-License-Identifier: MIT
// The completion scripts: what bash and zsh make of the beginnings of command lines.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {built, program} from './support/process.js';
import {failure, makeRun, output} from './support/stores.js';

const words = (text) => text.trim().split(/\s+/);
const commands = words(output(['help', '--list']));
const optionsOf = (command) => words(output(['help', '--list', command])).map((name) => `--${name}`);

const {GLASSBOX_STORE, ...environment} = process.env;

let top, store, ids;
before(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox completion-'));
    store = path.join(top, 'a store');
    ids = [makeRun(store, 1)];
    ids.unshift(makeRun(store, 1, ids[0]));
    fs.mkdirSync(path.join(top, 'folder'));
    fs.writeFileSync(path.join(top, 'file one'), '');
});
after(() => fs.rmSync(top, {recursive: true}));

/** What bash offers for the last of the words, which are divided as readline divides them. */
function offered(...line) {
    const script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _glassbox; ((${#COMPREPLY[@]})) && printf "%s\\n" "${COMPREPLY[@]}"; exit 0';
    const {status, stdout, stderr} = spawnSync('bash', ['--norc', '-c', script, 'bash', path.join(top, 'bash'), program('glassbox'), ...line], {
        encoding: 'utf8', cwd: top, env: environment,
    });
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    return stdout.split('\n').slice(0, -1);
}

describe('in bash', () => {
    before(() => fs.writeFileSync(path.join(top, 'bash'), output(['completion', 'bash'])));

    it('the script is well-formed', () => {
        assert.equal(spawnSync('bash', ['-n', path.join(top, 'bash')]).status, 0);
    });
    it('commands are offered', () => {
        assert.deepEqual(offered(''), [...commands, '--help', '--version']);
        assert.deepEqual(offered('sho'), ['show']);
        assert.deepEqual(offered('help', ''), commands);
    });
    it('every option of every command is offered, and nothing of an unknown command', () => {
        for (const command of commands)
            assert.deepEqual(offered(command, '-'), optionsOf(command));
        assert.deepEqual(offered('show', '--fo'), ['--follow', '--format']);
        assert.deepEqual(offered('nonsense', '-'), []);
    });
    it('values are offered, behind a space and behind =', () => {
        assert.deepEqual(offered('show', '--format', ''), ['table', 'json']);
        assert.deepEqual(offered('export', '--format', 'c'), ['chrome']);
        assert.deepEqual(offered('show', '--format', '=', 'j'), ['json']);
        assert.deepEqual(offered('show', '--format', '='), ['table', 'json']);
        assert.deepEqual(offered('serve', '--capture', ''), ['on', 'off']);
        assert.deepEqual(offered('show', '--depth', ''), []);
        assert.deepEqual(offered('completion', ''), ['bash', 'zsh']);
        assert.deepEqual(offered('report', '--fail-on', 'slow-'), ['slow-endpoint', 'slow-query']);
        assert.equal(offered('report', '--fail-on', '')[0], 'any');
    });
    it('files and directories are offered where a value is one', () => {
        assert.deepEqual(offered('list', '--store', '').sort(), ['a store', 'folder']);
        assert.deepEqual(offered('export', '--output', 'fi'), ['file one']);
        assert.deepEqual(offered('list', '--store', '=', 'fo'), ['folder']);
    });
    it('runs are offered of the store that the line names, and nothing is said without one', () => {
        assert.deepEqual(offered('show', '--store', store, ''), ['latest', ...ids]);
        assert.deepEqual(offered('show', '--store', '=', store, '--format', 'json', ids[0].slice(0, 20)), ids.filter((id) => id.startsWith(ids[0].slice(0, 20))));
        assert.deepEqual(offered('list', ''), ['latest']);
        assert.deepEqual(offered('list', '--store', top, ''), ['latest']);
    });
});

// A root without /dev/pts has no terminals to complete a line on.
const needs = {'zsh': ['--version'], 'a zsh with pseudo terminals': ['-f', '-c', 'zmodload zsh/zpty && zpty shell true']};
const missing = Object.keys(needs).find((what) => spawnSync('zsh', needs[what]).status !== 0);

describe('in zsh', {skip: missing ? `needs ${missing}` : false}, () => {
    before(() => {
        fs.mkdirSync(path.join(top, 'functions'));
        fs.writeFileSync(path.join(top, 'functions', '_glassbox'), output(['completion', 'zsh']));
    });
    // A terminal whose line is completed; what compadd is given is printed in its place.
    const SCRIPT = `
zmodload zsh/zpty
zpty shell zsh -f -i || exit 1
zpty -w shell "PS1= PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste; fpath=(\${(q)1}/functions \\$fpath); autoload -U compinit; compinit -u -d \${(q)1}/dump; cd \${(q)1}; path=(\${(q)2} \\$path)"
zpty -w shell 'comppostfuncs=(); compadd() { local -a got; builtin compadd -O got "$@"; (( $#got )) && print -lr -- $got >> got.txt; builtin compadd "$@" }'
zpty -w shell 'finish() { print -r -- "--end--" >> got.txt; zle kill-whole-line }; zle -N finish; bindkey "^I" list-choices; bindkey "^X" finish; print -r ready'
zpty -r -m shell out '*ready*ready*'
zpty -w -n shell "$3"$'\\t\\x18'
while [[ ! -e $1/got.txt || $(<$1/got.txt) != *--end--* ]]; do zpty -r -t shell out; sleep 0.01; done
zpty -d shell
`;
    function offeredByZsh(line) {
        fs.rmSync(path.join(top, 'got.txt'), {force: true});
        const {status, stderr} = spawnSync('zsh', ['-f', '-c', SCRIPT, 'zsh', top, built('bin'), line], {
            encoding: 'utf8', timeout: 60_000, env: environment,
        });
        assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
        return [...new Set(fs.readFileSync(path.join(top, 'got.txt'), 'utf8').split('\n').slice(0, -2))]; // some are asked for twice
    }
    it('the script is well-formed', () => {
        assert.equal(spawnSync('zsh', ['-n', path.join(top, 'functions', '_glassbox')]).status, 0);
    });
    it('commands, options and values are offered', () => {
        assert.deepEqual(offeredByZsh('glassbox ').sort(), [...commands].sort());
        assert.deepEqual(offeredByZsh('glassbox show --').sort(), optionsOf('show').sort());
        assert.deepEqual(offeredByZsh('glassbox show --format ').sort(), ['json', 'table']);
        assert.deepEqual(offeredByZsh('glassbox export --format=c'), ['chrome']);
        assert.deepEqual(offeredByZsh('glassbox report --fail-on reg'), ['regression']);
    });
    it('runs are offered of the store that the line names', () => {
        assert.deepEqual(offeredByZsh(`glassbox show --store '${store}' `), ['latest', ...ids]);
        assert.deepEqual(offeredByZsh('glassbox list '), ['latest']);
    });
});

it('there is no script for another shell', () => {
    assert.equal(failure(['completion', 'tcsh'], 2), "there is none for 'tcsh', only for bash and zsh");
    assert.equal(failure(['completion'], 2), 'SHELL is missing: bash or zsh');
});
