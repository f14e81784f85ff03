// SPDX-License-Identifier: MIT
// The built program is hardened by compiler and linker, uses the intended allocator, and contains no trace of the
// machine that built it.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {built, program, source} from '../integration/support/process.js';
import {facts} from './elf.js';
import {withTree} from './tree.js';

const cache = fs.readFileSync(built('CMakeCache.txt'), 'utf8');
const setting = (name) => cache.match(new RegExp(`^${name}:\\w+=(.*)$`, 'm'))?.[1] ?? '';
const sanitized = setting('GLASSBOX_SANITIZE') !== '';
const optimised = setting('CMAKE_BUILD_TYPE') !== 'Debug';

const found = facts(program('glassbox'));

test('the program may be loaded anywhere', () => {
    assert.equal(found.pie, true);
    assert.equal(found.textRelocations, false);
});

test('what the loader fills in is read-only before the program starts', () => {
    assert.equal(found.relro, true);
    assert.equal(found.bindNow, true);
});

test('nothing is both writable and executable, the stack least of all', () => {
    assert.equal(found.executableStack, false);
    assert.equal(found.writableCode, false);
});

// clang's sanitizers may bring a path of their own.
test('libraries are found where the system keeps them and nowhere else', {skip: sanitized}, () => {
    assert.deepEqual(found.searchPaths, []);
});

test('functions with arrays guard their return', () => {
    assert.ok(found.undefined.includes('__stack_chk_fail'), found.undefined.join());
});

test('copies of known size are checked in an optimised build', {skip: sanitized || !optimised}, () => {
    const checked = found.undefined.filter((name) => /^__\w+_chk$/.test(name));
    assert.ok(checked.length >= 3, checked.join());
});

test('the allocator is jemalloc, with the settings that the program gives it', {skip: sanitized}, () => {
    const {stderr} = spawnSync(program('glassbox'), ['version'], {env: {...process.env, MALLOC_CONF: 'stats_print:true'}, encoding: 'utf8'});
    const settings = /^const char \*malloc_conf = "(.*)";$/m.exec(fs.readFileSync(source('src', 'cli', 'allocator.c'), 'utf8'))[1].split(',');
    assert.ok(settings.length > 1);
    assert.doesNotMatch(stderr, /Invalid conf/);
    for (const setting of settings.filter((text) => text !== 'max_background_threads:1')) { // which jemalloc does not print
        const [name, value] = setting.split(':');
        assert.match(stderr, new RegExp(`^ *opt\\.${name}: "?(${value}|not supported)\\b`, 'm')); // large pages: not everywhere
    }
});

// Debug information tells where the build was; a release has none.
test('no path of the machine that built it is in it', {skip: setting('CMAKE_BUILD_TYPE') !== 'Release'}, () => {
    const files = [program('glassbox'), built('src', 'graph', 'libglassbox-graph.a'), built('middleware', 'libglassbox-h2o.a')];
    for (const file of files)
        for (const folder of [source(), built()])
            assert.equal(fs.readFileSync(file).includes(path.resolve(folder)), false, `${file} names ${folder}`);
});

test('a program without all of it is told apart', async () => {
    const compiler = setting('CMAKE_C_COMPILER');
    const soft = ['-no-pie', '-z', 'norelro', '-z', 'lazy', '-z', 'execstack', '-Wl,-rpath,lib', '-fno-stack-protector', '-U_FORTIFY_SOURCE', '-O1'];
    await withTree({'soft.c': '#include <stdio.h>\nint main(int n, char **v)\n{\n    char a[99];\n    snprintf(a, (size_t)n, "%s", v[0]);\n    return puts(a);\n}\n'}, (top) => {
        execFileSync(compiler, ['soft.c', '-o', 'soft', ...soft], {cwd: top, stdio: 'pipe'});
        const {undefined: names, ...rest} = facts(path.join(top, 'soft'));
        assert.deepEqual(rest, {pie: false, bindNow: false, relro: false, executableStack: true, writableCode: false, textRelocations: false, searchPaths: ['lib']});
        assert.deepEqual(names.filter((name) => name.endsWith('_chk') || name === '__stack_chk_fail'), []);
    });
});
