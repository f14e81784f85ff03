// SPDX-License-Identifier: MIT
// The systemd unit is strict by systemd's own rating, but the server still works in it: it runs as nobody with the
// unit's system call filter, which kills it at any other call, and without memory that is both writable and executable.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {makeCertificate} from './support/certificate.js';
import {get, post} from './support/client.js';
import {connect} from './support/http2.js';
import {FORMATS, LARGEST_PAGE, htmlBody, readPage, traced} from './support/input.js';
import {MIB, bound} from './support/memory.js';
import {built, program, start, stop, untilNoCaptures} from './support/process.js';
import {allowedCalls, hasSystemd, installUnit, numbersOf} from './support/unit.js';

// systemd's scale goes from 0, nothing to fear, to 100.
const EXPOSURE_MAX = 15;
const PATH = '/graph/from/html/to/dot/default';
const sanitized = !/^GLASSBOX_SANITIZE:\w+=$/m.test(fs.readFileSync(built('CMakeCache.txt'), 'utf8'));
const skip = hasSystemd ? false : 'needs systemd-analyze';

/** A size as options and systemd write it. */
const bytesOf = (text) => Number.parseInt(text, 10) * {K: 1024, M: MIB, G: 1024 * MIB}[text.at(-1)] || Number(text);

/** The variables that the unit sets. */
const environment = () => Object.fromEntries(unit.setting('Environment').flatMap((line) => line.split(' ')).map((word) => word.split(/=(.*)/)));

let unit;
before(() => (unit = installUnit()));
after(() => unit.remove());

describe('the unit', {skip}, () => {
    it('is one that systemd understands without a word', () => {
        const {status, stdout, stderr} = spawnSync('systemd-analyze', ['verify', unit.file], {encoding: 'utf8'});
        assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: ''});
    });

    it('starts the installed program', () => {
        assert.deepEqual(unit.setting('ExecStart'), [`${unit.program} serve $GLASSBOX_OPTIONS`]);
        assert.ok(fs.existsSync(unit.program));
        const {stdout} = spawnSync(unit.program, ['serve', '--print-config'], {encoding: 'utf8', env: environment()});
        assert.match(stdout, /^max-connections = 200 {3}# from environment GLASSBOX_MAX_CONNECTIONS$/m);
        assert.match(stdout, /^max-body = 4M {3}# from environment GLASSBOX_MAX_BODY$/m);
        assert.match(stdout, /^work-memory = 640M {3}# from environment GLASSBOX_WORK_MEMORY$/m);
        assert.match(stdout, /^capture-memory = 512M {3}# from environment GLASSBOX_CAPTURE_MEMORY$/m);
        assert.doesNotMatch(stdout, /does not belong to any option/);
        assert.ok(fs.existsSync(path.join(unit.prefix, 'share', 'doc', 'glassbox', 'SECURITY.md')));
    });

    it('gives the program the memory that its limits may need', () => {
        const {status, stdout} = spawnSync(unit.program, ['serve', '--print-config'], {encoding: 'utf8', env: environment()});
        assert.equal(status, 0);
        const limit = (name) => bytesOf(new RegExp(`^${name} = (\\S+)`, 'm').exec(stdout)[1]);
        const needed = bound({connections: limit('max-connections'), body: limit('max-body'), work: limit('work-memory'), captures: limit('capture-memory')});
        const given = bytesOf(unit.setting('MemoryMax')[0]);
        assert.ok(needed <= given, `${needed / MIB} MiB of ${given / MIB}`);
        assert.ok(needed > given * 0.9, 'and not much more');
    });

    const exposure = (file) => spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', `--threshold=${EXPOSURE_MAX}`, file], {encoding: 'utf8'});

    it('leaves next to nothing exposed', () => {
        const {status, stdout} = exposure(unit.file);
        assert.equal(status, 0, stdout);
    });

    it('is measured: without its sandbox it fails', () => {
        const open = path.join(unit.prefix, 'open.service');
        fs.writeFileSync(open, fs.readFileSync(unit.file, 'utf8').replace(/^(?!\[|ExecStart|Type).*=.*$/gm, ''));
        assert.notEqual(exposure(open).status, 0);
    });
});

describe('the server in it', {skip: skip || (sanitized && 'sanitizers call what the server does not')}, () => {
    // What changes files, forks and reaches out to others: the unit may allow some of it, the server never does it.
    const UNUSED = /^(connect|send(to|msg|mmsg)|fork|vfork|execveat|kill|tkill|mk(dir|nod)(at)?|un?link(at)?|symlink(at)?|rename(at2?)?|rmdir|creat|f?truncate|fallocate|f?setxattr|utime\w*|f?chmod(at)?)$/;
    const numbers = (names) => numbersOf(names, 'sys/syscall.h', '__NR_').filter(Number.isInteger).join();
    let calls, fewerCalls, families, tls;
    before(() => {
        const names = allowedCalls(unit.setting('SystemCallFilter'));
        const fewer = names.filter((name) => !UNUSED.test(name));
        assert.ok(names.length > 100 && names.length < 350, `${names.length} system calls`);
        assert.ok(fewer.length < names.length - 15, `${fewer.length} system calls are left`);
        [calls, fewerCalls] = [numbers(names), numbers(fewer)];
        families = numbersOf(unit.setting('RestrictAddressFamilies')[0].split(' '), 'sys/socket.h', '').join();
        assert.match(families, /^\d+,\d+,\d+$/);
        tls = makeCertificate();
        for (const file of [path.dirname(tls.cert), tls.cert, tls.key])
            fs.chmodSync(file, 0o755);
    });
    after(() => tls.remove());

    const confinedTo = (allowed, ...args) => start(program('gbx-confine'), [allowed, families, unit.program, 'serve', '--port', '0', '--http2', ...args]);
    const confined = (...args) => confinedTo(calls, ...args);

    async function exercise(server) {
        const body = htmlBody(readPage(LARGEST_PAGE));
        const session = connect(server);
        for (const format of FORMATS) {
            const answer = await post(server, `${PATH}/${format}`, traced(body));
            assert.equal(answer.status, 200);
            assert.ok(answer.json().traces);
            assert.ok((await session.request('POST', `${PATH}/${format}`, traced(body))).json().traces);
        }
        assert.equal((await post(server, PATH, htmlBody('<p>'.padEnd(20 << 20, 'x')))).status, 200);
        assert.equal((await post(server, PATH, 'no JSON')).status, 400);
        assert.equal((await get(server, '/graph/engines')).status, 200);
        session.close();
        await untilNoCaptures(server, '/healthz');
        await stop(server);
    }

    it('is not the one of whoever started it', {skip: process.getuid() !== 0 && 'needs root'}, async () => {
        const server = await confined();
        const status = fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
        await stop(server);
        assert.match(status, /^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
        assert.match(status, /^CapEff:\s+0+$/m);
        assert.match(status, /^NoNewPrivs:\s+1$/m);
        assert.match(status, /^Seccomp:\s+2$/m);
    });

    for (const [what, args] of [['plain', () => ['--threads', '2']], ['TLS, by name', () => ['--host', 'localhost', '--cert', tls.cert, '--key', tls.key]]]) {
        it(`answers, traces and stops (${what})`, async () => exercise(await confined(...args())));
    }

    it('changes no file, forks no process and connects to nobody', async () => exercise(await confinedTo(fewerCalls)));

    it('stores traces in the directory that the unit gives it', async () => {
        assert.deepEqual(unit.setting('StateDirectory'), ['glassbox']);
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-sandbox-'));
        try {
            if (process.getuid() === 0)
                fs.chownSync(directory, 65534, 65534); // nobody's
            await exercise(await confined('--store', path.join(directory, 'store'), '--keep', 'all'));
            const files = fs.readdirSync(path.join(directory, 'store'));
            assert.ok(files.some((name) => /^\d{8}-\d{6}-[0-9a-f]{8}\.db$/.test(name)), files.join());
            assert.ok(!files.some((name) => name.endsWith('.live')), 'the run is closed');
        } finally {
            fs.rmSync(directory, {recursive: true});
        }
    });

    it('is killed for a call that is not in the filter', () => {
        const {signal, status} = spawnSync(program('gbx-confine'), [calls, families, '/usr/sbin/chroot', '/'], {encoding: 'utf8'});
        assert.ok(signal === 'SIGSYS' || status === 159, `${signal} ${status}`);
    });
});
