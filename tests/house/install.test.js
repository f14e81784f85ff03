// SPDX-License-Identifier: MIT
// One build can be installed to several places at once, as tests and packagers do.
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {promisify} from 'node:util';

import {built} from '../integration/support/process.js';
import {filesUnder} from './tree.js';

const install = (prefix) => promisify(execFile)('cmake', ['--install', built(), '--prefix', prefix]);

const written = (...folder) => filesUnder(built(...folder)).map((name) => [name, fs.statSync(built(...folder, name)).mtimeMs]);

test('every installation is whole and names its own place', async () => {
    const top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox installed-'));
    const prefixes = ['a', 'b', 'c', 'd'].map((name) => path.join(top, name));
    const before = [written('src'), written('packaging')];
    try {
        await Promise.all(prefixes.map(install));
        const program = path.join(prefixes[0], 'bin', 'glassbox');
        const commands = execFileSync(program, ['help', '--list'], {encoding: 'utf8'}).trim().split('\n');
        const all = filesUnder(prefixes[0]);
        for (const prefix of prefixes) {
            assert.deepEqual(filesUnder(prefix), all);
            const pages = fs.readdirSync(path.join(prefix, 'share', 'man', 'man1')).sort();
            assert.deepEqual(pages, [...commands.map((command) => `glassbox-${command}.1`), 'glassbox.1'].sort());
            const unit = fs.readFileSync(path.join(prefix, 'lib', 'systemd', 'system', 'glassbox.service'), 'utf8');
            assert.equal(unit.match(/^ExecStart=(.*) serve /m)?.[1], path.join(prefix, 'bin', 'glassbox'));
        }
        assert.deepEqual([written('src'), written('packaging')], before, 'an installation leaves the build as it is');
    } finally {
        fs.rmSync(top, {recursive: true});
    }
});
