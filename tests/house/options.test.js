// SPDX-License-Identifier: MIT
// The documentation, the lists and the manual pages of commands and options agree with the program.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import {built, program} from '../integration/support/process.js';
import {readText, root} from './tree.js';

const COMMANDS = ['serve', 'trace', 'list', 'show', 'export', 'open', 'report', 'findings', 'compare', 'prune', 'mcp', 'token', 'completion', 'help', 'version'];
const OPTIONS = {
    serve: [
        'host', 'port', 'threads', 'workers', 'queue', 'slow-clients', 'inline-body', 'cert', 'key', 'key-file', 'allow-open-capture', 'allow-host',
        'max-body', 'max-connections', 'request-timeout', 'capture', 'max-captures', 'captures-per-second', 'max-capture-time',
        'capture-memory', 'work-memory', 'redact', 'redact-names', 'redact-reasons', 'store', 'keep', 'run-bytes',
        'run-time', 'keep-runs', 'keep-bytes', 'keep-age', 'stop-timeout', 'http2', 'config', 'print-config', 'help',
    ],
    trace: [
        'url', 'method', 'body', 'header', 'cookie', 'login', 'login-url', 'login-fields', 'token', 'repeat', 'concurrency', 'duration', 'keep', 'wait',
        'log', 'timeout', 'cacert', 'insecure', 'store', 'format', 'help',
    ],
    list: ['store', 'limit', 'since', 'failed', 'route', 'slower-than', 'format', 'help'],
    show: ['store', 'trace', 'depth', 'follow', 'format', 'help'],
    export: ['store', 'trace', 'format', 'output', 'top', 'min-duration', 'call-tree', 'help'],
    open: ['store', 'trace', 'port', 'no-browser', 'help'],
    compare: ['store', 'by', 'top', 'format', 'output', 'fail-on-slower', 'help'],
    report: ['store', 'run', 'format', 'top', 'baseline', 'fail-on', 'output', 'help'],
    findings: ['store', 'because', 'until', 'run', 'format', 'help'],
    prune: ['store', 'keep-runs', 'keep-bytes', 'keep-age', 'dry-run', 'help'],
    mcp: ['store', 'help'],
    token: ['key-file', 'path', 'allow', 'expires', 'max-spans', 'uses', 'new-key', 'help'],
    completion: ['help'],
    help: ['man', 'markdown', 'list', 'help'],
    version: ['help'],
};

function glassbox(...args) {
    const {status, stdout, stderr} = spawnSync(program('glassbox'), args, {encoding: 'utf8'});
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''}, args.join(' '));
    return stdout;
}

test('the commands and their options are these', () => {
    assert.deepEqual(glassbox('help', '--list').trim().split('\n'), COMMANDS);
    for (const command of COMMANDS)
        assert.deepEqual(glassbox('help', '--list', command).trim().split('\n'), OPTIONS[command]);
});

/** The tables between the markers of a document, by command; those that differ from what the program prints. */
function outdated(markdown) {
    const tables = [...markdown.matchAll(/<!-- begin: glassbox help --markdown (\w+) -->\n([\s\S]*?)<!-- end -->/g)];
    return {tables: tables.map(([, command]) => command), faults: tables.filter(([, command, table]) => table !== glassbox('help', '--markdown', command)).map(([, command]) => command)};
}

test('the documented tables are those of the program', () => {
    const text = readText(root, 'docs/options.md');
    assert.deepEqual(outdated(text), {tables: COMMANDS.filter((name) => !['completion', 'version'].includes(name)), faults: []});
});

test('a table that is not is noticed', () => {
    const text = readText(root, 'docs/options.md').replace('default: 8000', 'default: 8080');
    assert.deepEqual(outdated(text).faults, ['serve']);
});

test('the documented configuration file is one, and in force as documented', () => {
    const markdown = readText(root, 'docs/options.md');
    const [, text] = /```ini\n([\s\S]*?)```/.exec(markdown);
    const [, shown] = /can be the next configuration file:\n\n```\n([\s\S]*?)```/.exec(markdown);
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-options-'));
    try {
        fs.writeFileSync(path.join(directory, 'glassbox.conf'), text);
        const {stdout} = spawnSync(program('glassbox'), ['serve', '--config', 'glassbox.conf', '--max-body', '4M', '--print-config'], {
            encoding: 'utf8', cwd: directory, env: {...process.env, GLASSBOX_PORT: '9000'},
        });
        const lines = stdout.split('\n');
        for (const line of [...shown.trim().split('\n'), 'redact = "user #1"   # from glassbox.conf:6', 'redact-names = on   # from glassbox.conf:7'])
            assert.ok(lines.includes(line), `${line}: ${stdout}`);
    } finally {
        fs.rmSync(directory, {recursive: true});
    }
});

const formatter = ['groff', 'nroff'].find((name) => spawnSync(name, ['--version']).status === 0);

/** What the formatter makes of a page, and what it warns of. */
function formatted(page) {
    const args = ['-man', '-Tutf8', '-ww', '-P-c', '-P-b', '-P-u', '-rLL=100n'];
    const {status, stdout, stderr} = spawnSync(formatter, args, {input: page, encoding: 'utf8'});
    return {status, text: stdout, warnings: stderr};
}

test('every manual page is formatted without a warning', {skip: formatter ? false : 'needs groff'}, () => {
    for (const command of [undefined, ...COMMANDS]) {
        const {status, text, warnings} = formatted(glassbox('help', '--man', ...(command ? [command] : [])));
        assert.deepEqual({command, status, warnings}, {command, status: 0, warnings: ''});
        for (const option of OPTIONS[command] ?? [])
            assert.match(text, new RegExp(`^ +--${option}\\b`, 'm'));
        for (const heading of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'])
            assert.match(text, new RegExp(`^${heading}$`, 'm'), `${command}: ${heading}`);
    }
    const {text} = formatted(glassbox('help', '--man', 'serve'));
    for (const heading of ['OPTIONS', 'CONFIGURATION', 'CONFIGURATION FILE', 'ENVIRONMENT', 'SIGNALS', 'FILES'])
        assert.match(text, new RegExp(`^${heading}$`, 'm'));
    assert.match(text, /glassbox-serve - serve the graph service/);
});

test('a page that is not right is warned of', {skip: formatter ? false : 'needs groff'}, () => {
    assert.notEqual(formatted('.TH X 1\n.NOSUCHMACRO\n').warnings, '');
});

test('the pages and the completion for shells are installed', () => {
    const prefix = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox options-'));
    try {
        const install = spawnSync('cmake', ['--install', built(), '--component', 'manual', '--prefix', prefix], {encoding: 'utf8'});
        assert.equal(install.status, 0, install.stderr);
        const pages = path.join(prefix, 'share', 'man', 'man1');
        assert.deepEqual(fs.readdirSync(pages).sort(), [...COMMANDS.map((command) => `glassbox-${command}.1`), 'glassbox.1'].sort());
        assert.equal(fs.readFileSync(path.join(pages, 'glassbox-serve.1'), 'utf8'), glassbox('help', '--man', 'serve'));
        assert.equal(fs.readFileSync(path.join(pages, 'glassbox.1'), 'utf8'), glassbox('help', '--man'));
        const share = (...names) => fs.readFileSync(path.join(prefix, 'share', ...names), 'utf8');
        assert.equal(share('bash-completion', 'completions', 'glassbox'), glassbox('completion', 'bash'));
        assert.equal(share('zsh', 'site-functions', '_glassbox'), glassbox('completion', 'zsh'));
    } finally {
        fs.rmSync(prefix, {recursive: true});
    }
});
