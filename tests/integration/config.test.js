// SPDX-License-Identifier: MIT
// Options of the program from the command line, the environment and a configuration file: precedence, error messages,
// and a server that runs with the output of --print-config.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from './support/client.js';
import {htmlBody, traced} from './support/input.js';
import {program, start, stop} from './support/process.js';

let directory, file;
before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-config-'));
    file = path.join(directory, 'glassbox.conf');
});
after(() => fs.rmSync(directory, {recursive: true}));

const without = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GLASSBOX_')));

/** Runs glassbox serve to its end, with `text` as its configuration file where there is one. */
function serve(args, env = {}, text = null) {
    if (text !== null) {
        fs.writeFileSync(file, text);
        args = ['--config', file, ...args];
    }
    return spawnSync(program('glassbox'), ['serve', ...args], {encoding: 'utf8', timeout: 60_000, env: {...without, ...env}});
}

/** The options that --print-config shows: {name: [[value, source]...]}. */
function inForce(args, env, text) {
    const {status, stdout, stderr} = serve([...args, '--print-config'], env, text);
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    const options = {};
    for (const [, name, value, source] of stdout.matchAll(/^([a-z-]+) = (.*) {3}# (?:from )?(.*)$/gm))
        (options[name] ??= []).push([value, source.replace(file, 'FILE')]);
    return {options, stdout};
}

function refused(args, env, text) {
    const {status, stdout, stderr} = serve(args, env, text);
    assert.deepEqual({status, stdout}, {status: 2, stdout: ''}, stderr);
    assert.match(stderr, /^glassbox serve: [^\n]+\n$/);
    return stderr.slice('glassbox serve: '.length, -1).replace(file, 'FILE');
}

describe('the source that counts', () => {
    it('is the command line, then the environment, then the file, then the default', () => {
        const text = 'port = 1\nqueue = 1\nthreads = 1\n';
        const {options} = inForce(['--port', '3'], {GLASSBOX_PORT: '2', GLASSBOX_QUEUE: '2'}, text);
        assert.deepEqual(options.port, [['3', 'command line']]);
        assert.deepEqual(options.queue, [['2', 'environment GLASSBOX_QUEUE']]);
        assert.deepEqual(options.threads, [['1', 'FILE:3']]);
        assert.deepEqual(options.host, [['127.0.0.1', 'default']]);
    });
    it('has its later value where it says two', () => {
        const {options} = inForce(['--port', '3', '--port=4'], {}, 'queue = 1\nqueue = 2\n');
        assert.deepEqual(options.port, [['4', 'command line']]);
        assert.deepEqual(options.queue, [['2', 'FILE:2']]);
    });
    it('replaces a list as a whole', () => {
        const text = 'redact = a\nredact = b\n';
        assert.deepEqual(inForce([], {}, text).options.redact, [['a', 'FILE:1'], ['b', 'FILE:2']]);
        const both = {GLASSBOX_REDACT: 'c, d'}, source = 'environment GLASSBOX_REDACT';
        assert.deepEqual(inForce([], both, text).options.redact, [['c', source], ['d', source]]);
        assert.deepEqual(inForce(['--redact', 'e', '--redact=f'], both, text).options.redact, [['e', 'command line'], ['f', 'command line']]);
    });
    it('may be a file that the environment names', () => {
        fs.writeFileSync(file, 'queue = 5\n');
        assert.deepEqual(inForce([], {GLASSBOX_CONFIG: file}).options.queue, [['5', 'FILE:1']]);
        assert.equal(refused([], {GLASSBOX_CONFIG: `${file}.none`}), 'configuration file FILE.none: No such file or directory');
    });
});

describe('what is in force', () => {
    it('is printed as a file that means the same', () => {
        const args = ['--port', '0', '--redact', ' #1" \\', '--redact-names', '--max-body', '1536K', '--capture=off', '--key', 'a #b', '--cert', '"c"'];
        const first = inForce(args, {GLASSBOX_REQUEST_TIMEOUT: '7', GLASSBOX_HOST: 'localhost'}, 'queue = 3\nmax-capture-time = 8\n');
        const second = inForce([], {}, first.stdout);
        const values = ({options}) => Object.fromEntries(Object.entries(options).map(([name, rows]) => [name, rows.map(([value]) => value)]));
        assert.deepEqual(values(second), values(first));
        assert.deepEqual(values(inForce([], {}, second.stdout)), values(first));
        assert.ok(Object.keys(first.options).length >= 18);
        assert.deepEqual(values(first).redact, ['" #1\\" \\\\"']);
    });
    it('is what the server runs with', async () => {
        fs.writeFileSync(file, 'port = 0\nmax-body = 1K\ncapture = on\nredact-reasons = on\n');
        const server = await start(program('glassbox'), ['serve', '--config', file], {GLASSBOX_CAPTURE: 'off'});
        const route = '/graph/from/html/to/dot/default';
        assert.equal((await post(server, route, htmlBody('<p>x</p>'))).status, 200);
        assert.equal((await post(server, route, htmlBody('x'.repeat(2000)))).status, 413);
        const answer = (await post(server, `${route}/full`, traced(htmlBody('<p>x</p>')))).json();
        assert.equal(answer.traces ?? null, null);
        assert.equal((await get(server, '/healthz')).status, 200);
        await stop(server);
    });
    it('shows variables that belong to no option, and is not disturbed by them', () => {
        const {stdout} = inForce([], {GLASSBOX_SHOP: '/x', GLASSBOX_PROT: '80'});
        assert.match(stdout, /^# GLASSBOX_SHOP does not belong to any option$/m);
        assert.match(stdout, /^# GLASSBOX_PROT does not belong to any option$/m);
        assert.match(stdout, /^port = 8000 {3}# default$/m);
    });
});

describe('what is wrong is one line that names the culprit', () => {
    it('on the command line', () => {
        assert.equal(refused(['--port', '65536']), "--port takes a number from 0 to 65535, not '65536'");
        assert.equal(refused(['--por', '1']), "unknown option '--por'; did you mean --port?");
        assert.equal(refused(['--max-c=1']), "unknown option '--max-c=1'; did you mean --max-connections?");
        assert.equal(refused(['--host=']), '--host must not be empty');
        assert.equal(refused(['--host=a\nb']), '--host must not contain control characters');
        assert.equal(refused(['--port=\u001b[31m']), "--port takes a number from 0 to 65535, not '\\x1b[31m'");
        assert.equal(refused(['--queue']), "missing value after '--queue'");
        assert.equal(refused(['--config', directory]), `configuration file ${directory}: not a regular file`);
    });
    it('in the environment', () => {
        assert.equal(refused([], {GLASSBOX_PORT: 'x'}), "GLASSBOX_PORT takes a number from 0 to 65535, not 'x'");
        assert.equal(refused(['--port', '0'], {GLASSBOX_PORT: ''}), "GLASSBOX_PORT takes a number from 0 to 65535, not ''");
        assert.equal(refused([], {GLASSBOX_CERT: 'c'}), 'GLASSBOX_CERT and --key must be used together');
        assert.equal(refused(['--key-file', 'k'], {GLASSBOX_ALLOW_OPEN_CAPTURE: 'on'}), '--key-file and GLASSBOX_ALLOW_OPEN_CAPTURE cannot be used together');
    });
    it('in the file', () => {
        assert.equal(refused([], {}, 'port = 0\n\nprot = 1\n'), "FILE:3: unknown option 'prot'; did you mean port?");
        assert.equal(refused([], {}, 'teapot = 1\n'), "FILE:1: unknown option 'teapot'");
        assert.equal(refused(['--port', '0'], {GLASSBOX_PORT: '0'}, 'port = x\n'), "FILE:1: port takes a number from 0 to 65535, not 'x'");
        assert.equal(refused([], {}, 'host = \n'), 'FILE:1: host must not be empty');
        assert.equal(refused([], {}, 'port\n'), "FILE:1: missing '=' after 'port'");
        assert.equal(refused([], {}, 'port = 1\0\n'), 'FILE:1: the line contains a NUL byte (0x00)');
        assert.equal(refused([], {}, `host = ${'x'.repeat(20000)}\n`), 'FILE:1: a line may have at most 16384 bytes');
        assert.equal(refused([], {}, `# ${'x'.repeat(99)}\n`.repeat(11000)), 'configuration file FILE: larger than 1 MiB');
        assert.equal(refused([], {}, 'config = x\n'), 'FILE:1: config cannot be set in a configuration file');
        assert.equal(refused(['--allow-open-capture'], {}, 'key-file = k\n'), 'key-file (FILE:1) and --allow-open-capture cannot be used together');
    });
    it('but line ends of others and a byte order mark are none', () => {
        assert.deepEqual(inForce([], {}, '\ufeffport = 1\r\nqueue = 2').options.queue, [['2', 'FILE:2']]);
    });
    it('and a file of nearly 1 MiB is none', () => {
        const text = `# ${'x'.repeat(99)}\n`.repeat(10200) + 'queue = 9\n';
        assert.ok(text.length > 1_000_000 && text.length <= 1 << 20);
        assert.deepEqual(inForce([], {}, text).options.queue, [['9', 'FILE:10201']]);
    });
});

describe('other commands', () => {
    it('take no options from the environment', () => {
        const {status, stderr} = spawnSync(program('glassbox'), ['token', '--path', '/'], {encoding: 'utf8', env: {...without, GLASSBOX_KEY_FILE: 'k'}});
        assert.deepEqual({status, stderr}, {status: 2, stderr: 'glassbox token: --key-file is missing\n'});
    });
});
