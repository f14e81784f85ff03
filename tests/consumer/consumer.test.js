// SPDX-License-Identifier: MIT
// Programs outside this tree build against the installed package, by CMake and by pkg-config, and work.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {get, post} from '../integration/support/client.js';
import {built, source, start} from '../integration/support/process.js';

const work = built('tests', 'consumer', 'work');
const prefix = path.join(work, 'prefix');

/** Runs a program and returns what it printed; what it complained about is in the failure. */
const run = (command, args, options = {}) => execFileSync(command, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options});

fs.rmSync(work, {recursive: true, force: true});
run('cmake', ['--install', built(), '--prefix', prefix]);
// Found where it is, not where it was made for.
const moved = prefix + '-moved';
fs.renameSync(prefix, moved);
const packages = path.dirname(run('find', [moved, '-name', 'glassbox-h2o.pc']).trim());

function byCMake(project) {
    const build = path.join(work, 'cmake-' + project);
    run('cmake', ['-S', source('tests', 'consumer', project), '-B', build, '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${moved}`]);
    run('cmake', ['--build', build]);
    return path.join(build, project);
}

function byPkgConfig(compiler, file, module) {
    const output = path.join(work, 'pkg-config-' + path.parse(file).name);
    const env = {...process.env, PKG_CONFIG_PATH: packages};
    // As a shell would take them apart: a path may have spaces, which pkg-config escapes.
    const flags = run('pkg-config', ['--cflags', '--libs', module], {env}).match(/(?:\\.|\S)+/g).map((flag) => flag.replace(/\\(.)/g, '$1'));
    run(compiler, [source(file), '-o', output, ...flags]);
    return output;
}

/** How many traces each run of a store has. */
const tracesIn = (directory) => JSON.parse(run(path.join(moved, 'bin', 'glassbox'), ['list', '--store', directory, '--format', 'json']))
    .runs.map(({traces}) => traces);

const builds = [
    ['CMake', {server: () => byCMake('server'), tool: () => byCMake('tool'), spans: () => byCMake('spans'), recorder: () => byCMake('recorder'), store: () => byCMake('store'), sqlite: () => byCMake('sqlite')}],
    ['pkg-config', {
        server: () => byPkgConfig('cc', 'tests/consumer/server/server.c', 'glassbox-h2o'),
        tool: () => byPkgConfig('c++', 'tests/consumer/tool/tool.cpp', 'glassbox-export'),
        spans: () => byPkgConfig('cc', 'tests/consumer/spans/spans.c', 'glassbox-capture'),
        recorder: () => byPkgConfig('cc', 'examples/recorder.c', 'glassbox-recorder'),
        store: () => byPkgConfig('cc', 'tests/consumer/store/store.c', 'glassbox-store'),
        sqlite: () => byPkgConfig('cc', 'tests/consumer/sqlite/sqlite.c', 'glassbox-sqlite'),
    }],
];

for (const [how, build] of builds) {
    test(`an instrumented C program needs the capture component alone (${how})`, () => {
        assert.equal(run(build.spans(), []), '');
    });

    test(`a C program records its work without libh2o (${how})`, () => {
        assert.match(run(build.recorder(), ['1/10,errors']), /^\/fibonacci\/0: 2 spans, kept: sampled\n[^]*\n20 jobs, 3 kept, 0 lost\n$/);
    });

    test(`a C program without libh2o keeps its work in a store (${how})`, () => {
        const store = build.store();
        const directory = path.join(work, `stored-${how}`);
        const {GLASSBOX_STORE, GLASSBOX_KEEP, ...plain} = process.env;
        const environment = (variables) => run(store, [], {env: {...plain, ...variables}});
        assert.equal(run(store, [directory]), '20 jobs, 1 kept, 0 lost\n');
        assert.equal(fs.statSync(directory).mode & 0o777, 0o700);
        assert.deepEqual(tracesIn(directory), [1]);
        assert.equal(environment({GLASSBOX_STORE: directory, GLASSBOX_KEEP: 'all'}), '20 jobs, 20 kept, 0 lost\n');
        assert.deepEqual(tracesIn(directory).sort(), [1, 20]);
        assert.equal(environment({}), 'nothing is recorded\n');
        assert.throws(() => environment({GLASSBOX_STORE: path.join(store, 'x')}), ({stderr}) => /^store: GLASSBOX_STORE: .*[^]$/.test(stderr));
    });

    test(`a C program sees its statements and keeps its trace callback (${how})`, () => {
        assert.equal(run(build.sqlite(), []), 'attached: SELECT, 1 of its own\n');
    });

    test(`a C++ program captures itself and exports the trace (${how})`, () => {
        const tool = build.tool();
        const {profiles: [profile], shared} = JSON.parse(run(tool, ['speedscope']));
        const opened = profile.events.filter(({type}) => type === 'O').map(({frame}) => shared.frames[frame].name);
        assert.deepEqual(opened, ['main', 'parse {text=one}', 'parse', 'parse {text=two}', 'parse', 'parse failed: nothing to parse {text=}', 'parse', 'recover after 2']);
        // Their files are theirs: named as their compiler was told, not as ours are.
        for (const {file} of shared.frames)
            assert.equal(file, source('tests', 'consumer', 'tool', 'tool.cpp'));
        const full = JSON.parse(run(tool, ['full']));
        assert.deepEqual(full.call_tree.map(({name, children}) => [name, children.length]), [['main', 4]]);
        assert.equal(full.metadata.name, 'a C++ program');
        assert.deepEqual(JSON.parse(run(tool, ['summary'])).error, {span: 'parse', reason: 'nothing to parse'});
    });

    test(`a C program serves a handler behind the middleware (${how})`, async () => {
        const server = await start(build.server(), ['0']);
        try {
            assert.equal((await get(server, '/hello')).text(), 'hello\n');
            const answer = await post(server, '/hello/speedscope', {trace_config: {capture_traces: true}});
            assert.equal(answer.status, 200);
            const {output, traces} = answer.json();
            assert.equal(output, 'hello\n');
            const names = traces.shared.frames.map(({name}) => name);
            assert.ok(names.includes('on_hello') && names.includes('fibonacci(8)'), names.join());
        } finally {
            server.child.kill('SIGKILL');
        }
    });
}

test('an unknown component is not found', () => {
    const project = path.join(work, 'unknown');
    fs.mkdirSync(project, {recursive: true});
    fs.writeFileSync(path.join(project, 'CMakeLists.txt'),
        'cmake_minimum_required(VERSION 3.25)\nproject(unknown LANGUAGES C)\nfind_package(glassbox COMPONENTS teapot)\n' +
        'if(glassbox_FOUND)\n  message(FATAL_ERROR "found a teapot")\nendif()\n');
    const {status, stderr} = spawnSync('cmake', ['-S', project, '-B', path.join(project, 'build'), `-DCMAKE_PREFIX_PATH=${moved}`], {encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    assert.match(stderr, /teapot/);
});
