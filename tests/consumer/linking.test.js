// SPDX-License-Identifier: MIT
// The library without the program, as static and shared libraries: exports, dependencies, plugins and uninstalling.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {built, source} from '../integration/support/process.js';

const work = built('tests', 'consumer', 'linking');
const run = (command, args, options = {}) =>
    execFileSync(command, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, ...options});
const ROOMS = {capture: ['capture'], export: ['export', 'json', 'schemas', 'trace'], recorder: ['recorder'], h2o: ['h2o', 'http'], store: ['store'], sqlite: ['sqlite']};
const LIBRARIES = Object.keys(ROOMS);
// What one library needs of another and no program may use.
const SHARED_HEADERS = ['src/base/job.h', 'src/capture/outcome.h', 'src/capture/pause.h', 'src/capture/random_id.h', 'src/export/identity.h', 'src/recorder/recorder.h'];
const KINDS = {static: 'OFF', shared: 'ON'};
const QUICKLY = '-DCMAKE_UNITY_BUILD=ON'; // a third of the time; some projects build everything so
// What only the program needs is not there to be found: its packages have .pc files alone.
const alone = {...process.env, PKG_CONFIG_LIBDIR: path.join(work, 'nothing'), PKG_CONFIG_PATH: ''};
const buildOf = (kind) => path.join(work, `build-${kind}`);
const prefixOf = (kind) => path.join(work, `prefix-${kind}`);

fs.rmSync(work, {recursive: true, force: true});
for (const [kind, shared] of Object.entries(KINDS)) {
    run('cmake', ['-S', source(), '-B', buildOf(kind), '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_INSTALL_LIBDIR=lib',
        `-DBUILD_SHARED_LIBS=${shared}`, '-DGLASSBOX_PROGRAM=OFF', QUICKLY], {env: alone});
    run('cmake', ['--build', buildOf(kind)]);
    run('cmake', ['--install', buildOf(kind), '--prefix', prefixOf(kind)]);
}

/** The symbols that an archive's objects, or a shared library, show to others. */
function exportsOf(file) {
    const table = run('readelf', ['-W', file.endsWith('.a') ? '--syms' : '--dyn-syms', file]);
    const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
    return [...new Set(rows.filter(([, , , , bind, visibility, section]) =>
        /^(GLOBAL|WEAK|UNIQUE)$/.test(bind) && visibility === 'DEFAULT' && section !== 'UND').map((row) => row[7]))].sort();
}

const listed = fs.readFileSync(source('packaging', 'exports.txt'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const listedOf = (library) => listed.filter((line) => line.startsWith(library + ' ')).map((line) => line.split(' ')[1]);

test('the list of exports is sorted and names no symbol twice', () => {
    assert.deepEqual(listed, [...new Set(listed)].sort());
    assert.deepEqual(listed.filter((line) => !(LIBRARIES.includes(line.split(' ')[0]) && /^(\w+ gbxi?_\w+|sqlite sqlite3_trace(_v2)?)$/.test(line))), []);
});

test('archives show what the list says', () => {
    for (const library of LIBRARIES) {
        const found = ROOMS[library].flatMap((room) => exportsOf(path.join(prefixOf('static'), 'lib', `libglassbox-${room}.a`)));
        assert.deepEqual(found.sort(), listedOf(library), library);
    }
});

test('shared libraries export what the list says, and are named for their first release', () => {
    for (const library of LIBRARIES) {
        const file = path.join(prefixOf('shared'), 'lib', `libglassbox-${library}.so.0`);
        assert.deepEqual(exportsOf(file), listedOf(library), library);
        const dynamic = run('readelf', ['-Wd', file]);
        assert.match(dynamic, new RegExp(`SONAME.*\\[libglassbox-${library}\\.so\\.0\\]`));
        assert.match(dynamic, /FLAGS_1.*NODELETE/);
        assert.doesNotMatch(dynamic, ['capture', 'recorder', 'store', 'sqlite'].includes(library) ? /SYMBOLIC|RPATH|RUNPATH|libz\.so/ : /SYMBOLIC|RPATH|RUNPATH/);
    }
});

test('a shared library needs nothing that only another one is for', () => {
    const needed = (library) => [...run('readelf', ['-Wd', path.join(prefixOf('shared'), 'lib', `libglassbox-${library}.so.0`)])
        .matchAll(/\(NEEDED\).*\[(.*)\.so/g)].map(([, name]) => name);
    for (const library of LIBRARIES) {
        assert.equal(needed(library).includes('libsqlite3'), ['store', 'sqlite'].includes(library), library);
        assert.equal(needed(library).includes('libzstd'), library === 'store', library);
    }
    assert.deepEqual(needed('store').filter((name) => /h2o|ssl|json|stdc|export/.test(name)), []);
});

test('headers declare what the list says, with GBX_API', () => {
    const folder = source('include', 'glassbox');
    const files = [...fs.readdirSync(folder).map((name) => path.join(folder, name)), ...SHARED_HEADERS.map((name) => source(name))];
    const declared = files.flatMap((file) => {
        const text = fs.readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, '').replace(/^#(?:.*\\\n)*.*$/gm, '');
        const statements = text.split(/[;{}]/).filter((statement) => /\bGBX_API\b/.test(statement));
        return statements.map((statement) => {
            const plain = statement.replace(/__attribute__\s*\(\(.*?\)\)(?=\s|$)/gs, '');
            return (/(\w+)\s*\(/.exec(plain) ?? /(\w+)\s*$/.exec(plain))[1];
        });
    });
    assert.deepEqual([...new Set(declared)].sort(), listed.map((line) => line.split(' ')[1]).filter((name) => name.startsWith('gbx')).sort());
});

const flagsOf = (kind, module) => run('pkg-config', ['--cflags', '--libs', module],
    {env: {...process.env, PKG_CONFIG_PATH: path.join(prefixOf(kind), 'lib', 'pkgconfig')}}).trim().split(/\s+/);
const available = (command) => spawnSync(command, ['--version']).status === 0;
const spansOf = (host, plugin) => {
    const {frames} = JSON.parse(run(host, [plugin])).shared;
    return frames.map(({name, file, line}) => [name, path.basename(file), line > 0]);
};
const ALL_SPANS = [['host', 'host.c', true], ['plugin_work', 'plugin.c', true], ['plugin.inner', 'plugin.c', true],
    ['plugin_work {from=the plugin}', 'plugin.c', true]]; // the caption of its note

const toolchains = [['gcc'], ['gcc', '-fsanitize=address'], ['clang'], ['clang', '-fuse-ld=lld']]
    .filter(([compiler, linker]) => available(compiler) && (linker !== '-fuse-ld=lld' || available('ld.lld')));
for (const [compiler, ...extra] of toolchains) {
    const compile = (output, file, ...flags) => {
        run(compiler, ['-O1', '-g', ...extra, source('tests', 'consumer', 'plugin', file), '-o', path.join(work, output), ...flags]);
        return path.join(work, output);
    };
    test(`a plugin's spans reach the host's capture and outlive dlclose (${[compiler, ...extra].join(' ')})`, () => {
        const path_ = (kind) => `-Wl,-rpath,${path.join(prefixOf(kind), 'lib')}`;
        const include = '-I' + path.join(prefixOf('static'), 'include');
        const plugins = {
            nothing: compile('plugin-nothing.so', 'plugin.c', '-fPIC', '-shared', include, '-Wl,-z,nodelete'),
            static: compile('plugin-static.so', 'plugin.c', '-fPIC', '-shared', ...flagsOf('static', 'glassbox-capture')),
            shared: compile('plugin-shared.so', 'plugin.c', '-fPIC', '-shared', ...flagsOf('shared', 'glassbox-capture'), path_('shared')),
        };
        for (const kind of Object.keys(KINDS)) {
            const host = compile(`host-${kind}`, 'host.c', ...flagsOf(kind, 'glassbox-export'), path_(kind));
            for (const [links, plugin] of Object.entries(plugins))
                assert.deepEqual(spansOf(host, plugin), ALL_SPANS, `host ${kind}, plugin links ${links}`);
        }
    });
}

const REFUSED = /^refused: whether the connection has a trace callback cannot be known, [^:]*:, 1 of its own\n$/;
/** Compiles the program with a trace callback of its own, and returns what it prints. */
function traced(name, flags) {
    const output = path.join(work, `traced-${name}`);
    run('gcc', [source('tests', 'consumer', 'sqlite', 'sqlite.c'), '-o', output, ...flags]);
    return (...args) => run(output, args);
}

for (const kind of Object.keys(KINDS)) {
    const flags = [...flagsOf(kind, 'glassbox-sqlite'), `-Wl,-rpath,${path.join(prefixOf(kind), 'lib')}`];
    test(`a trace callback of the program is kept (${kind})`, () => {
        const print = traced(kind, flags);
        assert.equal(print(), 'attached: SELECT, 1 of its own\n');
        assert.equal(print('vouch'), 'attached: SELECT, 1 of its own\n');
    });
    test(`where it cannot be known whether there is a trace callback, that is said (${kind})`, () => {
        const archive = traced(`${kind}-archive`, flags.map((flag) => (flag === '-lsqlite3' ? '-l:libsqlite3.a' : flag)).concat('-lm'));
        const behind = traced(`${kind}-behind`, ['-Wl,--no-as-needed', '-lsqlite3', ...flags]);
        assert.match(archive(), REFUSED);
        assert.equal(archive('vouch'), 'attached: SELECT, 1 of its own\n');
        assert[kind === 'shared' ? 'match' : 'doesNotMatch'](behind(), REFUSED);
        assert.equal(behind('vouch'), 'attached: SELECT, 1 of its own\n');
    });
}

for (const [kind, shared] of Object.entries(KINDS)) {
    for (const [how, options] of [['add_subdirectory', [`-DGLASSBOX_TREE=${source()}`, `-DBUILD_SHARED_LIBS=${shared}`, QUICKLY]],
        ['find_package', [`-DCMAKE_PREFIX_PATH=${prefixOf(kind)}`]]]) {
        test(`a parent in C alone links by ${how} (${kind})`, () => {
            const build = path.join(work, `parent-${how}-${kind}`);
            run('cmake', ['-S', source('tests', 'consumer', 'parent'), '-B', build, '-G', 'Ninja', ...options], {env: alone});
            run('cmake', ['--build', build]);
            assert.deepEqual(spansOf(path.join(build, 'host'), path.join(build, 'libplugin.so')), ALL_SPANS);
            assert.ok(fs.existsSync(path.join(build, 'server')));
            assert.match(run(path.join(build, 'recorder'), ['errors']), /^\/fibonacci\/13: \d+ spans, kept: failed\n/);
            assert.equal(run(path.join(build, 'store'), [path.join(build, 'stored')]), '20 jobs, 1 kept, 0 lost\n');
            assert.equal(run(path.join(build, 'sqlite'), []), 'attached: SELECT, 1 of its own\n');
            // What only another library needs is found as it is after an install, by ldconfig.
            const stored = {GLASSBOX_STORE: path.join(build, 'recorded.store'), ...(how === 'find_package' && {LD_LIBRARY_PATH: path.join(prefixOf(kind), 'lib')})};
            run(path.join(build, 'recorded'), [], {env: {...process.env, ...stored}});
            assert.deepEqual(fs.readdirSync(stored.GLASSBOX_STORE), ['catalog.db']); // a store, in which nothing was stored
            const files = path.join(build, 'installed');
            run('cmake', ['--install', build, '--prefix', files]);
            assert.ok(!fs.existsSync(files), 'nothing is installed unasked');
        });
    }
}

test('a host that names no component needs the libraries of the store for the store alone', () => {
    const project = path.join(work, 'without');
    fs.mkdirSync(project, {recursive: true});
    fs.writeFileSync(path.join(project, 'CMakeLists.txt'), 'cmake_minimum_required(VERSION 3.25)\nproject(without LANGUAGES C)\n' +
        'find_package(glassbox REQUIRED)\nif(NOT TARGET glassbox::h2o)\n  message(FATAL_ERROR "no h2o")\nendif()\n' +
        'message(STATUS "the store: ${glassbox_store_FOUND}")\n');
    const found = (kind, ...options) => /the store: (\w*)/.exec(run('cmake', ['-S', project, '-B', path.join(project, kind), '-G', 'Ninja',
        `-DCMAKE_PREFIX_PATH=${prefixOf(kind)}`, ...options]))[1];
    assert.equal(found('static', '-DZSTD_LIBRARY=OFF'), ''); // as if it were not there
    assert.equal(found('static', '-UZSTD_LIBRARY'), 'TRUE');
    assert.equal(found('static', '-DSQLITE3_LIBRARY=OFF'), '');
    assert.equal(found('shared', '-DZSTD_LIBRARY=OFF'), 'TRUE');
    assert.equal(found('shared', '-DSQLITE3_LIBRARY=OFF'), 'TRUE'); // the component sqlite is not there then
});

test('uninstall leaves nothing of what install put there', () => {
    const root = path.join(work, 'root');
    const env = {...process.env, DESTDIR: root};
    const kept = path.join(root, 'usr', 'local', 'lib', 'libother.a');
    const left = () => fs.existsSync(root) ? run('find', [root, '!', '-type', 'd']).trim().split('\n').filter(Boolean) : [];
    fs.mkdirSync(path.dirname(kept), {recursive: true});
    fs.writeFileSync(kept, '');
    run('cmake', ['--install', buildOf('shared')], {env});
    assert.ok(left().length > 10 && left().some((file) => file.endsWith('/LICENSE')), left().join('\n'));
    run('cmake', ['--build', buildOf('shared'), '--target', 'uninstall'], {env});
    assert.deepEqual(left(), [kept]);
    assert.equal(run('find', [root, '-name', '*glassbox*']), '');
});

test('uninstall takes paths of any kind, and says when it removes nothing', () => {
    const folder = path.join(work, 'prefix é; [x', 'glassbox');
    const manifest = path.join(work, 'manifest.txt');
    const uninstall = () => spawnSync('cmake', [`-DMANIFEST=${manifest}`, '-P', source('cmake', 'uninstall.cmake')], {encoding: 'utf8'});
    const files = ['a.h', 'b;c.h', 'd[e.h', 'ü f.h'].map((name) => path.join(folder, name));
    fs.mkdirSync(folder, {recursive: true});
    files.slice(1).forEach((file) => fs.writeFileSync(file, ''));
    fs.writeFileSync(manifest, files.join('\n'));
    const first = uninstall();
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stdout, /Removed 3 files; 1 files of the manifest were not there/);
    assert.ok(!fs.existsSync(folder) && fs.existsSync(path.dirname(folder)));
    const second = uninstall();
    assert.equal(second.status, 1);
    assert.match(second.stderr, /nothing is removed: is DESTDIR/);
});
