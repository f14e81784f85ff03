// SPDX-License-Identifier: MIT
// The tree may be in a path with spaces. In such a copy, the parts that are most likely to split paths are configured,
// built and run by ctest: embedded files, tests that wrap functions, JavaScript tests and fuzz targets.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {filesUnder, root} from './tree.js';

let top, source, build;
before(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox spaces '));
    source = path.join(top, 'a tree');
    build = path.join(top, 'a build');
    for (const file of filesUnder(root)) {
        fs.mkdirSync(path.dirname(path.join(source, file)), {recursive: true});
        fs.copyFileSync(path.join(root, file), path.join(source, file));
    }
    for (const packages of ['web/node_modules', 'tests/node_modules'].filter((name) => fs.existsSync(path.join(root, name))))
        fs.symlinkSync(path.join(root, packages), path.join(source, packages));
});
after(() => fs.rmSync(top, {recursive: true, force: true}));

function run(command, ...args) {
    const {status, stdout, stderr, error} = spawnSync(command, args, {encoding: 'utf8', cwd: top, maxBuffer: 1 << 26});
    assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}${stdout.slice(-3000)}${stderr.slice(-3000)}`);
    return stdout;
}

test('it is configured, and files are built in', () => {
    run('cmake', '-S', source, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DGLASSBOX_TESTS=ON');
    const objects = run('ninja', '-C', build, '-t', 'targets', 'all').match(/^\S.*\/embedded_\w+\.c\.o(?=:)/gm);
    assert.ok(objects.length >= 3, String(objects));
    run('cmake', '--build', build, '--target', ...objects);
    const bytes = fs.readFileSync(path.join(source, 'schemas', 'openapi.paths.json'));
    const object = objects.find((name) => name.includes('openapi'));
    assert.ok(fs.readFileSync(path.join(build, object)).includes(bytes));
});

test('tests are built there, and ctest runs them', () => {
    run('cmake', '--build', build, '--target', 'test-unit-json-allocation');
    const tests = ['unit/json/allocation', 'unit/web/pointer', 'house/layers'];
    const said = run('ctest', '--test-dir', build, '--output-on-failure', '-R', `^(${tests.join('|')})$`);
    for (const name of tests)
        assert.match(said, new RegExp(`${name} \\.+ +Passed`));
});

test('a fuzz target is given its seeds and its dictionary', () => {
    const target = path.join(top, 'a target');
    fs.writeFileSync(target, '#!/bin/sh\nprintf "%s\\n" "$@" >"$0.arguments"\n', {mode: 0o755});
    const work = path.join(top, 'fuzz work');
    const dictionary = path.join(source, 'tests', 'fuzz', 'json.dict');
    run('cmake', `-DFUZZER=${target}`, `-DSEEDS=${path.join(source, 'fixtures', 'corpus', 'json_reader')}`, `-DWORK=${work}`,
        '-DSECONDS=1', `-DDICTIONARY=${dictionary}`, '-P', path.join(source, 'tests', 'fuzz', 'run.cmake'));
    const given = fs.readFileSync(`${target}.arguments`, 'utf8').trim().split('\n');
    assert.deepEqual(given.slice(-2), [`-dict=${dictionary}`, path.join(work, 'corpus')]);
    assert.ok(fs.readdirSync(path.join(work, 'corpus')).length > 0);
});
