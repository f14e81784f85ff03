// SPDX-License-Identifier: MIT
// Adding an option takes one row and one field, and adding a subcommand takes one file and one row. Both are added to a
// copy of src/cli, which is compiled and linked with the words of the build; CMake takes every file of the folder. The new program documents them everywhere.
import assert from 'node:assert/strict';
import {execFile, execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';

import {built} from '../integration/support/process.js';
import {filesUnder, readText, root} from './tree.js';

const ROW = `    {"dummy-level", GBXI_NUMBER(gbxi_serve_options, dummy_level), .min = 2, .max = 9, .value = "LEVEL", .number = 5,
     .help = "A dummy's level."},\n`;
const COMMAND = `/* SPDX-License-Identifier: MIT */
/* glassbox dummy: says which level it was given. */
#include "cli/command.h"
#include <stdio.h>

typedef struct dummy_options {
    uint32_t level;
} dummy_options;

static const gbxi_cli_option dummy_rows[] = {
    {"level", GBXI_NUMBER(dummy_options, level), .min = 1, .max = 3, .value = "N", .number = 2, .help = "The level."},
};

static int dummy_run(const void *values)
{
    printf("level %u\\n", ((const dummy_options *)values)->level);
    return 0;
}

const gbxi_command gbxi_command_dummy = {
    .name = "dummy",
    .summary = "Say a level",
    .synopsis = {"[OPTION...]"},
    .description = "Says which level it was given.",
    GBXI_COMMAND_OPTIONS(dummy_rows, dummy_options),
    .run = dummy_run,
};
`;

/** The words of a command as a POSIX shell takes them, for the quoting that CMake writes. */
function wordsOf(command) {
    const words = command.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/g);
    return words.map((word) => word.replace(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, escaped, double, single) => escaped ?? single ?? double.replace(/\\(["\\$`])/g, '$1')));
}

/** `text` with `addition` behind the line that begins with `line`; there must be one. */
function addBehind(text, line, addition) {
    const changed = text.replace(new RegExp(`^${line}.*\\n`, 'm'), (found) => found + addition);
    assert.notEqual(changed, text);
    return changed;
}

let top, dummy;
const inCopy = (...names) => path.join(top, 'src', 'cli', ...names);
const edit = (name, change) => fs.writeFileSync(inCopy(name), change(readText(top, path.join('src', 'cli', name))));

/** Compiles a file of the copy as the build compiled `model`; returns the object. */
async function compile(name, model) {
    const entry = JSON.parse(fs.readFileSync(built('compile_commands.json'), 'utf8')).find(({file}) => file === path.join(root, 'src', 'cli', model));
    const object = path.join(top, `${name.replaceAll('/', '-')}.o`);
    const [compiler, ...words] = wordsOf(entry.command);
    const args = words.map((word) => (word === entry.file ? inCopy(name) : word));
    args[args.indexOf('-o') + 1] = object;
    await promisify(execFile)(compiler, [`-I${path.join(top, 'src')}`, ...args], {cwd: entry.directory});
    return object;
}

function link(objects) {
    const commands = execFileSync('ninja', ['-C', built(), '-t', 'commands', 'bin/glassbox'], {encoding: 'utf8', maxBuffer: 1 << 28});
    const [linker, ...words] = wordsOf(commands.trim().split('\n').at(-1)).filter((word) => word !== ':' && word !== '&&');
    const archive = words.indexOf('src/cli/libglassbox-cli.a'), output = words.indexOf('-o') + 1;
    assert.ok(archive > 0 && output > 0, words.join(' '));
    words[output] = dummy;
    words.splice(archive, 1, ...objects);
    execFileSync(linker, words, {cwd: built()});
}

before(async () => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-addition-'));
    dummy = path.join(top, 'glassbox');
    fs.cpSync(path.join(root, 'src', 'cli'), inCopy(), {recursive: true});
    edit('serve_options.h', (text) => addBehind(text, 'typedef struct gbxi_serve_options', '    uint32_t dummy_level;\n'));
    edit('serve_options.c', (text) => addBehind(text, 'static const gbxi_cli_option serve_options', ROW));
    edit('command.h', (text) => addBehind(text, '    X\\(serve\\)', '    X(dummy) \\\n'));
    fs.writeFileSync(inCopy('dummy.c'), COMMAND);
    const programs = ['main.c', 'dummy.c'];
    const sources = filesUnder(inCopy()).filter((name) => name.endsWith('.c') && !programs.includes(name));
    const objects = [];
    for (const name of sources) // one after the other: other tests run too
        objects.push(await compile(name, name));
    link([...objects, await compile('dummy.c', 'version.c')]);
});
after(() => fs.rmSync(top, {recursive: true}));

function run(args, env = {}) {
    const {status, stdout, stderr} = spawnSync(dummy, args, {encoding: 'utf8', env: {...process.env, ...env}});
    return {status, stdout, stderr};
}
const printed = (args, env) => /^dummy-level = .*$/m.exec(run(['serve', ...args, '--print-config'], env).stdout)?.[0].replace(top, 'TOP');

test('a row is known to every source', () => {
    fs.writeFileSync(path.join(top, 'conf'), '\ndummy-level = 3\n');
    const config = ['--config', path.join(top, 'conf')];
    assert.equal(printed([]), 'dummy-level = 5   # default');
    assert.equal(printed(config), 'dummy-level = 3   # from TOP/conf:2');
    assert.equal(printed(config, {GLASSBOX_DUMMY_LEVEL: '4'}), 'dummy-level = 4   # from environment GLASSBOX_DUMMY_LEVEL');
    assert.equal(printed([...config, '--dummy-level', '6'], {GLASSBOX_DUMMY_LEVEL: '4'}), 'dummy-level = 6   # from command line');
    assert.deepEqual(run(['serve', '--dummy-level=1']), {status: 2, stdout: '', stderr: "glassbox serve: --dummy-level takes a number from 2 to 9, not '1'\n"});
});

test('a row is in every text', () => {
    assert.match(run(['serve', '--help']).stdout, /^ {2}--dummy-level LEVEL +A dummy's level\. \(2 to 9; default: 5\)$/m);
    assert.match(run(['help', '--list', 'serve']).stdout, /^dummy-level$/m);
    assert.match(run(['help', '--man', 'serve']).stdout, /^\\fB\\-\\-dummy\\-level\\fR \\fILEVEL\\fR\nA dummy\\\(aqs level\. \(2 to 9; default: 5\)$/m);
    assert.match(run(['help', '--markdown', 'serve']).stdout, /^\| `--dummy-level` LEVEL \| `GLASSBOX_DUMMY_LEVEL` \| A dummy's level\. \| 2 to 9; default: 5 \|$/m);
});

test('a file and a row are a subcommand', () => {
    assert.match(run(['help']).stdout, /^ {2}dummy +Say a level$/m);
    assert.match(run(['dummy', '--help']).stdout, /^usage: glassbox dummy \[OPTION\.\.\.\]\n[^]*^ {2}--level N +The level\. \(1 to 3; default: 2\)$/m);
    assert.match(run(['help', '--man', 'dummy']).stdout, /^\.TH GLASSBOX\\-DUMMY 1 /);
    assert.deepEqual(run(['dummy', '--level=3']), {status: 0, stdout: 'level 3\n', stderr: ''});
    assert.deepEqual(run(['dummy', '--lvel=3']), {status: 2, stdout: '', stderr: "glassbox dummy: unknown option '--lvel=3'; did you mean --level?\n"});
});
