// SPDX-License-Identifier: MIT
// The user scripts: each one parses, describes itself and refuses unknown arguments. `test` continues after a failure,
// counts the results, and leaves nothing behind when it is stopped.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, {describe, it} from 'node:test';

import {readText, root, withTree} from './tree.js';

const scripts = fs.readdirSync(path.join(root, 'scripts')).map((name) => `scripts/${name}`);
const isShell = (name) => /^#!.*\b(ba)?sh\n/.test(readText(root, name));
const run = (name, ...args) => spawnSync(path.join(root, name), args, {cwd: '/', encoding: 'utf8'});

test('every script parses', () => {
    const all = [...scripts, '.ci/run'].filter(isShell);
    assert.ok(all.length >= 8);
    for (const name of all)
        assert.deepEqual([name, spawnSync('bash', ['-n', name], {cwd: root, encoding: 'utf8'}).stderr], [name, '']);
});

test('a script that does not parse is noticed', () => {
    assert.notEqual(spawnSync('bash', ['-n'], {input: "echo 'the page's'\nfresh=()\n", encoding: 'utf8'}).stderr, '');
});

test('npm runs no script of a package, and checks what it gets', () => {
    for (const folder of ['tests', 'web']) {
        assert.match(readText(root, `${folder}/.npmrc`), /^ignore-scripts=true$/m, folder);
        const {'': own, ...packages} = JSON.parse(readText(root, `${folder}/package-lock.json`)).packages;
        for (const [name, version] of Object.entries({...own.dependencies, ...own.devDependencies}))
            assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${folder}: ${name} has an exact version`);
        for (const [name, {integrity}] of Object.entries(packages))
            assert.match(integrity, /^sha512-/, `${folder}: ${name} has a checksum`);
    }
});

for (const name of scripts.filter(isShell)) {
    describe(name, () => {
        it('says what it does, with its arguments and exit codes', () => {
            for (const option of ['--help', '-h']) {
                const {status, stdout, stderr} = run(name, option);
                assert.deepEqual([status, stderr], [0, '']);
                assert.match(stdout, new RegExp(`^usage: ${name} \\S.*\\n\\n[A-Z]`));
                assert.match(stdout, /^Exit codes: .*\b0\b/m);
            }
        });
        // What start does not know is the server's to say, once that is built: integration/start.
        it('refuses what it does not know', {skip: name === 'scripts/start'}, () => {
            for (const word of ['--frobnicate', 'nonsense', '']) {
                const {status, stdout, stderr} = run(name, word);
                assert.deepEqual([status, stdout], [2, ''], word);
                assert.match(stderr, new RegExp(`^\\w+: [^]*^usage: ${name}`, 'm'));
            }
        });
    });
}

for (const [name, ...args] of [['soak', '--minutes'], ['soak', '--minutes', 'ten'], ['soak', '--seed', '1.5'], ['sweep', '--pages', '-1'], ['bench', '--json'], ['bench', '--only'], ['install'], ['npm'], ['npm', 'src'], ['npm', 'web', 'tests'], ['test', 'release', 'relase']])
    test(`${name} ${args.join(' ')} is refused`, () => assert.equal(run(`scripts/${name}`, ...args).status, 2));

// The tools that `test` calls, in the place of the real ones: `cmake` fails to build what its file `broken` names, `ctest`
// writes a JUnit file, or stays until it is stopped where the file `stay` names its folder.
const TOOLS = {
    cmake: '[ "$1" = --build ] || exit 0\nif grep -qsx "$2" broken; then echo "error: $2 is broken"; exit 1; fi\nif grep -qsx "$2" slow; then echo $$ >>left; exec sleep 300; fi\n',
    ctest: `folder=$2
if grep -qsx "$folder" stay; then echo $$ >>left; sleep 300 & echo $! >>left; wait; fi
while [ "$1" != --output-junit ]; do shift; done
grep -qsx "$folder" empty && exit 8
printf '<testsuite>\\n<testcase name="unit/good" status="run">\\n<testcase name="unit/other" status="%s">\\n' "$(grep -qsx "$folder" failing && echo fail || echo run)" >"$2"
echo '100% tests passed, 0 tests failed out of 2'
`,
};

/** Calls `work` in a tree (whose name has a space) with the script and these tools, and `files`. */
function withScript(files, work) {
    const tools = Object.fromEntries(Object.entries(TOOLS).map(([name, text]) => [`a b/bin/${name}`, `#!/usr/bin/env bash\n${text}`]));
    const none = '#!/bin/sh\n';
    const tree = {...tools, 'a b/scripts/test': readText(root, 'scripts/test'), 'a b/scripts/install': none, 'a b/scripts/npm': none,
        ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`a b/${name}`, text]))};
    return withTree(tree, (top) => {
        for (const name of Object.keys(tree).filter((one) => /\/(bin|scripts)\//.test(one)))
            fs.chmodSync(path.join(top, name), 0o755);
        const cwd = path.join(top, 'a b');
        return work(cwd, [path.join(cwd, 'scripts', 'test'), {cwd, env: {...process.env, PATH: `${path.join(cwd, 'bin')}:${process.env.PATH}`}}]);
    });
}

const outcome = (files, ...args) => withScript(files, (cwd, [script, options]) => spawnSync(script, args, {...options, encoding: 'utf8'}));

describe('test', () => {
    it('runs every configuration and ends with the sum', async () => {
        const {status, stdout, stderr} = await outcome({});
        assert.deepEqual([status, stderr], [0, '']);
        for (const name of ['release', 'asan', 'tsan', 'fuzz'])
            assert.match(stdout, new RegExp(`== +\\d+s ${name}: build\\n[^]*${name}: test\\n`));
        assert.doesNotMatch(stdout, /quick|tests passed/);
        assert.match(stdout, /\n8 passed, 0 failed\n$/);
    });
    it('goes on after what fails to build, and names it', async () => {
        const {status, stdout} = await outcome({broken: 'build/tsan\n'}, 'tsan', 'asan');
        assert.equal(status, 1);
        assert.match(stdout, /error: build\/tsan is broken/);
        assert.match(stdout, /\nFAILED tsan: build\n2 passed, 1 failed\n$/);
    });
    it('goes on after a test that fails, and names it', async () => {
        const {status, stdout} = await outcome({failing: 'build/dev\n'}, 'quick', 'fuzz');
        assert.equal(status, 1);
        assert.match(stdout, /\nFAILED quick: fail unit\/other\n3 passed, 1 failed\n$/);
    });
    it('does not take a run without tests for a good one', async () => {
        const {status, stdout} = await outcome({empty: 'build/tsan\n'}, 'tsan');
        assert.equal(status, 1);
        assert.match(stdout, /\nFAILED tsan: no test ran\n0 passed, 1 failed\n$/);
    });
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
        it(`ends what it started on ${signal}, the build of the next one too`, () => withScript({stay: 'build/release\n', slow: 'build/asan\n'}, async (cwd, [script, options]) => {
            const child = spawn(script, [], {...options, stdio: 'ignore'});
            const closed = new Promise((resolve) => child.on('close', resolve));
            const left = () => (fs.existsSync(path.join(cwd, 'left')) ? readText(cwd, 'left').trim().split('\n').map(Number) : []);
            while (left().length < 3)
                await new Promise((resolve) => setTimeout(resolve, 10));
            child.kill(signal);
            assert.equal(await closed, code);
            // Whoever was a child of a child is init's to bury: where a container has no such init it stays, dead.
            const alive = (pid) => fs.existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readText('/proc', `${pid}/status`));
            for (const pid of left()) {
                while (alive(pid))
                    await new Promise((resolve) => setTimeout(resolve, 10));
            }
        }));
    }
});
