// SPDX-License-Identifier: MIT
// The public headers under strict compilers: no warning in any language, every public name is used by one program,
// every function has a Thread: line, and the version is stated in one place.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

import {filesUnder, readText, root, withTree} from './tree.js';

if (!['gcc', 'g++', 'clang', 'clang++'].every((compiler) => spawnSync(compiler, ['--version']).status === 0)) {
    console.log('skipped: needs gcc and clang');
    process.exit(77);
}

const program = 'tests/house/strict/everything.c';

// What -Weverything says that is no fault of the headers.
const tolerated = [
    '-Wno-padded', // of the program's own structs; the library's are asserted to have none that matters
    '-Wno-declaration-after-statement', // C17 is not C89
    '-Wno-c++98-compat-pedantic', // C++17 is not C++98
    '-Wno-c++98-compat',
    '-Wno-old-style-cast', // the headers are C as well, and cast as C does
    '-Wno-zero-as-null-pointer-constant', // NULL, for the same reason
    '-Wno-gnu-zero-variadic-macro-arguments',
    '-Wno-disabled-macro-expansion', // libc's stdout
];

const compilations = [
    ['gcc', 'c', '-std=c17', ['-Wall', '-Wextra']],
    ['g++', 'c++', '-std=c++17', ['-Wall', '-Wextra']],
    ['g++', 'c++', '-std=c++20', ['-Wall', '-Wextra']],
    ['clang', 'c', '-std=c17', ['-Weverything', ...tolerated]],
    ['clang++', 'c++', '-std=c++17', ['-Weverything', ...tolerated]],
    ['clang++', 'c++', '-std=c++20', ['-Weverything', ...tolerated]],
];

function compile(compiler, language, standard, flags, top = root) {
    return spawnSync(
        compiler,
        ['-fsyntax-only', standard, '-pedantic-errors', '-Werror', ...flags, '-I', path.join(top, 'include'), '-x', language, path.join(root, program)],
        {encoding: 'utf8'},
    );
}

for (const [compiler, language, standard, flags] of compilations) {
    test(`${compiler} ${standard} has nothing to say`, () => {
        const {status, stderr} = compile(compiler, language, standard, flags);
        assert.equal(status, 0, stderr);
    });
    // libh2o's own headers are not strict: they are system headers here, and need GNU's extensions.
    test(`${compiler} ${standard} has nothing to say of h2o.h`, () => {
        const {status, stderr} = compile(compiler, language, standard, [...flags, '-DGLASSBOX_STRICT_H2O', '-D_GNU_SOURCE', '-DH2O_USE_LIBUV=0',
            '-Wno-reserved-macro-identifier']);
        assert.equal(status, 0, stderr);
    });
}

const headers = (top) => filesUnder(top).filter((file) => file.startsWith('include/glassbox/'));
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*$/gm, ' ');

/** The public names that the headers under `top` declare or define. */
function publicNames(top) {
    const names = new Set();
    for (const file of headers(top)) {
        const text = withoutComments(readText(top, file));
        for (const [name] of text.matchAll(/\bgbx_\w+/g))
            names.add(name);
        for (const [, name] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(GBX_\w+)/gm))
            names.add(name);
        for (const [, name] of text.matchAll(/^[ \t]*(GBX_[A-Z0-9_]+)(?: = \d+)?,?$/gm))
            names.add(name);
        for (const [, name] of text.matchAll(/GBX_API[^;]*?(?<!struct )\b(gbxi_\w+)\b[^;]*;/g))
            names.add(name);
    }
    return names;
}

test('the program uses every public name', () => {
    const used = new Set(withoutComments(readText(root, program)).match(/\bgbxi?_\w+|\bGBX_\w+/gi));
    const names = publicNames(root);
    assert.ok(names.size > 100, `${names.size} names`);
    assert.deepEqual([...names].filter((name) => !used.has(name)), []);
});

/** What is wrong with the declarations of functions: no Thread: line in the comment before it, or not exported. */
function declarationFaults(top) {
    const faults = [];
    for (const file of headers(top)) {
        const text = readText(top, file).replace(/^[ \t]*#(?:.*\\\n)*.*$/gm, '');
        // A docstring holds for the declarations that follow it without an empty line.
        for (const block of text.split(/\n[ \t]*\n/)) {
            const comment = (block.match(/\/\*[\s\S]*?\*\//g) ?? []).join(' ');
            const code = withoutComments(block);
            for (const [whole, name] of code.matchAll(/^[A-Za-z_][^;{}()=]*?\b(gbxi?_\w+)\([^;{]*?\)[^;{]*[;{]/gm)) {
                if (/^typedef\b/.test(whole))
                    continue;
                const inline = /^static inline\b/.test(whole);
                if (!inline && !/\bGBX_API\b/.test(whole))
                    faults.push(`${file}: ${name} is not exported`);
                if (!(inline && name.startsWith('gbxi_')) && !/\bThread:/.test(comment))
                    faults.push(`${file}: ${name} does not say on which thread`);
            }
        }
    }
    return faults;
}

test('every function says on which thread it may be called and is exported', () => {
    assert.deepEqual(declarationFaults(root), []);
});

test('notices what is missing', async () => {
    const text = '/* Thread: any. */\nvoid gbx_hidden(void);\n\n/* Says nothing. */\nGBX_API int gbx_silent(int a);\n';
    const faults = await withTree({'include/glassbox/bad.h': text}, declarationFaults);
    assert.deepEqual(faults, ['include/glassbox/bad.h: gbx_hidden is not exported', 'include/glassbox/bad.h: gbx_silent does not say on which thread']);
});

test('the version is stated in one place', () => {
    const text = readText(root, 'include/glassbox/version.h');
    const version = ['MAJOR', 'MINOR', 'PATCH'].map((part) => text.match(new RegExp(`^#define GBX_VERSION_${part} (\\d+)$`, 'm'))[1]).join('.');
    const built = filesUnder(root).filter((file) => /(^|\/)CMakeLists\.txt$|\.cmake$|\.in$|^(src|middleware|schemas|include)\/|^(web|tests)\/package\.json$/.test(file));
    assert.ok(built.length > 100);
    for (const file of built.filter((name) => name !== 'include/glassbox/version.h'))
        assert.doesNotMatch(readText(root, file), new RegExp(`["'@/ ]${version.replaceAll('.', '\\.')}["' )]|GLASSBOX_VERSION=`), file);
    assert.equal(JSON.parse(readText(root, 'web/package.json')).version, undefined);
});
