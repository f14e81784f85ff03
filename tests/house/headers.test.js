// SPDX-License-Identifier: MIT
// Every header compiles alone, twice in one file, as C17; those for C++ as C++17 too. Public ones do so under both compilers;
// for the others one is enough, as clang builds the whole tree elsewhere.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import os from 'node:os';
import test from 'node:test';

import {filesUnder, readText, root, withTree} from './tree.js';

const languages = {
    c: {standard: '-std=c17', compilers: ['gcc', 'clang']},
    'c++': {standard: '-std=c++17', compilers: ['g++', 'clang++']},
};
const available = (compiler) => spawnSync(compiler, ['--version']).status === 0;
const compilers = Object.values(languages).flatMap((language) => language.compilers);
if (!compilers.every(available)) {
    console.log('skipped: needs ' + compilers.join(', '));
    process.exit(77);
}

// As a user writes it: public headers in angle brackets, a room's by their rooted name.
const includeLine = (file) =>
    file.startsWith('include/') ? `#include <${file.slice('include/'.length)}>\n` : `#include "${file.replace(/^src\//, '')}"\n`;

function compileAlone(top, file, language, compiler) {
    const flags = ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', languages[language].standard, '-Iinclude', '-Isrc', '-I.'];
    // What libh2o's own headers ask of whoever includes them.
    if (readText(top, file).includes('h2o.h>'))
        flags.push('-DH2O_USE_LIBUV=0', '-D_GNU_SOURCE');
    const child = spawn(compiler, [...flags, '-x', language, '-'], {cwd: top, stdio: ['pipe', 'ignore', 'pipe']});
    let complaint = '';
    child.stderr.on('data', (piece) => (complaint += piece));
    child.stdin.end(includeLine(file).repeat(2));
    return new Promise((resolve) => child.on('close', (code) => resolve(code === 0 ? null : `${file} (${compiler}): ${complaint}`)));
}

/** The complaints about every header under `top`; as many compilers at a time as there are processors. */
async function headerFaults(top) {
    const jobs = [];
    for (const file of filesUnder(top).filter((name) => /^(include|src|schemas|middleware)\/.*\.h$/.test(name))) {
        const forCxx = file.startsWith('include/') || readText(top, file).includes('__cplusplus');
        for (const language of forCxx ? ['c', 'c++'] : ['c'])
            for (const compiler of file.startsWith('include/') ? languages[language].compilers : languages[language].compilers.slice(0, 1))
                jobs.push([file, language, compiler]);
    }
    const faults = [];
    let next = 0;
    const work = async () => {
        while (next < jobs.length)
            faults.push(await compileAlone(top, ...jobs[next++]));
    };
    await Promise.all(Array.from({length: os.cpus().length}, work));
    return {compiled: jobs.length, faults: faults.filter(Boolean)};
}

test('every header compiles alone', async () => {
    const {compiled, faults} = await headerFaults(root);
    assert.deepEqual(faults, []);
    assert.ok(compiled > 20, `${compiled} compilations`);
});

for (const [file, text, compilations] of [
    ['src/trace/leans.h', 'size_t gbxi_leans(void);\n', 1],
    ['src/trace/unguarded.h', 'struct gbxi_twice {\n    int value;\n};\n', 1],
    ['include/glassbox/leans.h', 'size_t gbx_leans(void);\n', 4],
    ['include/glassbox/not_cxx.h', '#ifndef X\n#define X\nextern int new;\n#endif\n', 2],
]) {
    test(`notices ${file}`, async () => {
        const {faults} = await withTree({[file]: text}, headerFaults);
        assert.equal(faults.length, compilations);
        assert.ok(faults.every((fault) => fault.startsWith(file)));
    });
}
