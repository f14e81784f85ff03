// SPDX-License-Identifier: MIT
// glassbox trace in detail: what a service inherits and leaves behind, what an answer may say, and where a login leads.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import {describe, it} from 'node:test';

import {makeCertificate} from './support/certificate.js';
import {get} from './support/client.js';
import {freePort, program} from './support/process.js';
import {at, begin, captured, document, environment, failure, freshName, isGone, listen, runsOf, scripted, serve, serving, trace, tracesOf} from './support/tracing.js';

const NOT_LISTENING = async () => ['--store', freshName('store'), '--url', `http://127.0.0.1:${await freePort()}/`];

describe('a service that it starts', () => {
    /** The source of a statement that stores `counts.length` runs, each with so many traces. */
    const storing = (...counts) => counts.map((count) => `require("child_process").execFileSync(${JSON.stringify(program('gbx-told-store'))}, [process.env.GLASSBOX_STORE, "told"], ` +
        `{input: ${JSON.stringify('{"method": "GET", "route": "/x", "spans": [{"name": "a", "file": "a.c", "line": 1, "self_ns": 1000}]}\n')}.repeat(${count})});`).join(' ');

    it('has the signals that a shell gives', async () => {
        assert.equal(await failure([...await NOT_LISTENING(), '--', 'sh', '-c', 'kill -PIPE $$']), "'sh' ended before it listened, by signal 13");
    });

    it('has nothing open but what a shell gives', async () => {
        const {stderr} = await trace([...await NOT_LISTENING(), '--', 'sh', '-c', 'for fd in /proc/$$/fd/*; do readlink "$fd"; done']);
        assert.deepEqual(stderr.match(/^\/dev\/null$/gm), ['/dev/null'], stderr);
    });

    it('may be started by who has switched off the ends of children', async () => {
        const where = await NOT_LISTENING();
        const child = spawn('env', ['--ignore-signal=CHLD', program('glassbox'), 'trace', ...where, '--', 'sh', '-c', 'exit 3'], {stdio: ['ignore', 'ignore', 'pipe'], env: environment});
        let stderr = '';
        child.stderr.on('data', (piece) => (stderr += piece));
        await once(child, 'close');
        assert.equal(stderr, "glassbox trace: 'sh' ended before it listened, with status 3\n");
    });

    it('has said already what is on standard error', async () => {
        const {status, stderr} = await trace([...await NOT_LISTENING(), '--', 'sh', '-c', 'echo why; exit 3']);
        assert.deepEqual({status, stderr}, {status: 1, stderr: "why\nglassbox trace: 'sh' ended before it listened, with status 3\n"});
    });

    it('has a new log each time, which is for its owner', async () => {
        const log = freshName('log');
        const where = [...await NOT_LISTENING(), '--log', log];
        await failure([...where, '--', 'sh', '-c', 'echo a long line; exit 1']);
        assert.equal(fs.statSync(log).mode & 0o777, 0o600);
        await failure([...where, '--', 'sh', '-c', 'echo short; exit 1']);
        assert.equal(fs.readFileSync(log, 'utf8'), 'short\n');
    });

    it('does not outlive who started it', async () => {
        const pidFile = freshName('pid');
        const {url, command} = await scripted(`require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${serve}`);
        const running = begin(['--store', freshName('store'), '--url', url, '--duration', '1h', ...command]);
        await running.seen(/: 1 request, 0 errors/);
        running.child.kill('SIGKILL');
        await running.ended;
        await isGone(Number(fs.readFileSync(pidFile, 'utf8')));
    });

    it('ends while it should go on', async () => {
        const {url, command} = await scripted('require("http").createServer(({url}, response) => url === "/end" ? process.exit(5) : response.end("x")).listen(port, "127.0.0.1");');
        const running = begin(['--store', freshName('store'), '--url', url, '--duration', '1h', ...command]);
        await running.seen(/: 1 request, 0 errors/);
        await assert.rejects(get(at(url), '/end'));
        const {status, stderr} = await running.ended;
        assert.equal(status, 1);
        assert.match(stderr, /^glassbox trace: '\S+' ended (during --duration|while requests were sent), with status 5$/m);
    });

    it('is asked without a proxy, and one that runs elsewhere with it', async () => {
        const seen = [];
        await serving((incoming, response) => (seen.push(incoming.url), captured(response)), async (proxy) => {
            const env = {http_proxy: proxy, no_proxy: '', NO_PROXY: ''};
            const {url, command} = await scripted(`${storing(1)} ${listen}`);
            const {status, stdout} = await trace(['--store', freshName('store'), '--url', url, ...command], {env});
            assert.equal(status, 0);
            assert.match(stdout, /\n1 request \(1 × 200\), 0 errors/);
            assert.deepEqual(seen, []);
            assert.equal((await trace(['--store', freshName('store'), '--url', 'http://elsewhere.example/x'], {env})).status, 0);
            assert.deepEqual(seen, ['http://elsewhere.example/x/full']);
        });
    });

    it('gets every method and body', async () => {
        const {url, command} = await scripted(`${storing(1)} process.on("SIGTERM", () => process.exit());
            require("http").createServer((request, response) => {
                const {expect, "content-length": length, "content-type": type} = request.headers;
                process.stdout.write(JSON.stringify([request.method, expect, length, type]) + "\\n");
                request.resume().on("end", () => response.end());
            }).listen(port, "127.0.0.1");`);
        const large = freshName('large');
        fs.writeFileSync(large, Buffer.alloc(2_000_000));
        const got = async (...more) => {
            const {status, stderr} = await trace(['--store', freshName('store'), '--url', url, ...more, ...command]);
            assert.equal(status, 0, stderr);
            return JSON.parse(stderr.split('\n')[0]);
        };
        assert.deepEqual(await got('--method', 'HEAD'), ['HEAD', null, null, null]);
        assert.deepEqual(await got('--method', 'PUT'), ['PUT', null, '0', null]);
        assert.deepEqual(await got('--body', large), ['POST', null, '2000000', 'application/json']);
    });

    it('makes several runs, of which the fullest is told first', async () => {
        const {url, command} = await scripted(`${storing(1, 3, 2)} ${listen}`);
        const store = freshName('store');
        const {stdout} = await trace(['--store', store, '--url', url, ...command]);
        const ids = [...stdout.matchAll(/^run (\S+): (\d) trace/gm)];
        assert.deepEqual(ids.map(([, , count]) => count), ['3', '2', '1']);
        assert.match(stdout, new RegExp(`--run ${ids[0][1]} has all findings\n$`));
        const next = await scripted(`${storing(4)} ${listen}`);
        const again = await trace(['--store', store, '--url', next.url, ...next.command]);
        assert.deepEqual([...again.stdout.matchAll(/^run \S+: (\d) trace/gm)].map(([, count]) => count), ['4']);
    });

    it('stores in the usual place, which need not be named', async () => {
        const {url, command} = await scripted(`${storing(1)} ${listen}`);
        const folder = freshName('folder');
        fs.mkdirSync(folder);
        const {stdout} = await trace(['--url', url, ...command], {cwd: folder});
        assert.match(stdout, /^glassbox report --run \S+ has all findings\n$/m);
    });

    it('has stored what it never answered', async () => {
        const {url, command} = await scripted(`${storing(1)} process.on("SIGTERM", () => process.exit()); require("http").createServer((request) => request.socket.destroy()).listen(port, "127.0.0.1");`);
        const {status, stdout} = await trace(['--store', freshName('store'), '--url', url, '--format', 'json', ...command]);
        const {requests, errors, statuses, median_ns: median, slowest_ns: slowest} = JSON.parse(stdout);
        assert.deepEqual({status, requests, errors, statuses, median, slowest}, {status: 1, requests: 1, errors: 1, statuses: [], median: null, slowest: null});
    });

    it('may leave a process behind, whose run is not complete', async () => {
        const port = await freePort(), pidFile = freshName('pid'), url = `http://127.0.0.1:${port}`;
        const service = 'setsid sh -c \'echo $$ >"$0"; exec "$@"\' "$@" & wait';
        const {stderr} = await trace(['--store', freshName('store'), '--url', `${url}/graph/from/html/to/dot/default`, '--method', 'POST', '--',
            'sh', '-c', service, 'sh', pidFile, program('glassbox'), 'serve', '--port', String(port)]);
        const pid = Number(fs.readFileSync(pidFile, 'utf8'));
        process.kill(pid, 'SIGTERM');
        await isGone(pid);
        assert.match(stderr, /^glassbox trace: run \S+ is still being written: the service has left a process behind$/m);
    });
});

describe('answers', () => {
    const problem = (response, status, detail, headers = {}) =>
        response.writeHead(status, {'Content-Type': 'application/problem+json', ...headers}).end(JSON.stringify({status, detail}));
    const asked = (url, ...more) => trace(['--store', freshName('store'), '--url', url, ...more]);
    const firstLine = async (answer, ...more) => serving(answer, async (url) => (await asked(url, ...more)).stderr.split('\n')[0].replaceAll(url, 'URL'));

    it('may have interim ones before them, whose headers are not theirs', async () => {
        const server = net.createServer((socket) => socket.once('data', () =>
            socket.end('HTTP/1.1 103 Early Hints\r\nGlassbox-Capture: captured\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))).listen(0, '127.0.0.1');
        await once(server, 'listening');
        assert.match((await asked(`http://127.0.0.1:${server.address().port}/x`)).stderr, /status 404 without a trace/);
        server.close();
    });

    it('name their headers in any case', async () => {
        await serving((incoming, response) => response.writeHead(200, {'glassbox-capture': 'captured', 'GLASSBOX-OUTPUT-STATUS': '418'}).end(document), async (url) =>
            assert.match((await asked(url)).stdout, /\n1 request \(1 × 418\)/));
    });

    it('say when to come again, and no request comes earlier', async () => {
        const came = [];
        await serving((incoming, response) => (came.push(performance.now()), came.length === 1 ? problem(response, 503, 'busy', {'Retry-After': '1'}) : captured(response)), async (url) =>
            assert.equal((await asked(url)).status, 0));
        assert.equal(came.length, 2);
        assert.ok(came[1] - came[0] > 990, `${came[1] - came[0]} ms`);
    });

    it('may name a date to come again, which is a second', async () => {
        let count = 0;
        await serving((incoming, response) => (++count === 1 ? problem(response, 429, 'full', {'Retry-After': 'Wed, 21 Oct 2099 07:28:00 GMT'}) : captured(response)), async (url) =>
            assert.equal((await asked(url)).status, 0));
    });

    it('are waited for once if they say so together', async () => {
        const held = [];
        let count = 0;
        await serving((incoming, response) => {
            if (++count > 8)
                return captured(response);
            held.push(response);
            if (held.length === 8)
                held.forEach((one) => problem(one, 429, 'full', {'Retry-After': '1'}));
        }, async (url) => {
            const {status, stdout, stderr} = await asked(url, '--repeat', '8', '--concurrency', '8');
            assert.equal(status, 0, stderr);
            assert.match(stdout, /\n8 requests \(8 × 200\), 0 errors/);
        });
    });

    it('do not wait for hours, nor for a service that only fails', async () => {
        let count = 0;
        assert.equal(await firstLine((incoming, response) => (++count, problem(response, 429, 'full', {'Retry-After': '4294967297'}))), 'glassbox trace: URL/: status 429: full; a lower --concurrency may help');
        assert.equal(count, 1);
        assert.equal(await firstLine((incoming, response) => problem(response, 503, 'down')), 'glassbox trace: URL/: status 503: down');
        assert.match(await firstLine((incoming, response) => problem(response, 404, 'what?')), /URL\/\/full: status 404 without a trace: this is no route/);
    });

    it('may be missing now and then', async () => {
        let count = 0;
        await serving((incoming, response) => (++count % 2 === 0 ? incoming.socket.destroy() : captured(response)), async (url) => {
            const {status, stdout} = await asked(url, '--repeat', '14', '--header', 'Connection: close');
            assert.equal(status, 1);
            assert.match(stdout, /\n14 requests \(7 × 200\), 7 errors/);
        });
    });

    it('are missing at each URL on its own', async () => {
        const urls = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}/`);
        const {stderr} = await asked(urls[0], '--url', urls[1], '--repeat', '50', '--concurrency', '8');
        const lines = stderr.split('\n').map((line) => line.replace(/(no answer: ).*/, '$1...'));
        assert.deepEqual(lines, [...urls.flatMap((url) => [`glassbox trace: ${url}: no answer: ...`, `glassbox trace: ${url}: no trace of 5 requests`]), 'glassbox trace: no trace was stored', '']);
    });

    it('that end all requests are not asked for again', async () => {
        const held = [];
        let count = 0;
        await serving((incoming, response) => (++count, held.push(response)), async (url) => {
            const running = begin(['--store', freshName('store'), '--url', url, '--repeat', '9', '--concurrency', '2']);
            while (held.length < 2)
                await new Promise((resolve) => setTimeout(resolve, 5));
            problem(held[0], 401, 'who?');
            await running.seen(/status 401/);
            problem(held[1], 429, 'full', {'Retry-After': '1'});
            while (running.child.exitCode === null && held.length === 2)
                await new Promise((resolve) => setTimeout(resolve, 5));
            held.slice(2).forEach((one) => captured(one));
            assert.equal((await running.ended).status, 1);
            assert.equal(count, 2);
        });
    });

    it('come as many at a time as was told, and no more', async () => {
        const held = [];
        let most = 0;
        await serving((incoming, response) => {
            held.push(response);
            most = Math.max(most, held.length);
            if (held.length >= 3)
                setTimeout(() => held.splice(0).forEach((one) => captured(one)), 50);
        }, async (url) => assert.equal((await asked(url, '--repeat', '9', '--concurrency', '3')).status, 0));
        assert.equal(most, 3);
    });

    it('are stored while others are waited for', async () => {
        const store = freshName('store');
        let running, count = 0;
        await serving((incoming, response) => setTimeout(() => (++count, captured(response)), 100), async (url) => {
            running = begin(['--store', store, '--url', url, '--repeat', '1000000']);
            while (!fs.existsSync(store) || (runsOf(store)[0]?.traces ?? 0) === 0)
                await new Promise((resolve) => setTimeout(resolve, 100));
            running.child.kill('SIGKILL');
            await running.ended;
        });
        assert.ok(tracesOf(store).length > 0);
        assert.ok(count < 256, 'as many are stored at once, whatever the time');
    });

    it('that cannot be stored are the last', async () => {
        const urls = new Set();
        await serving((incoming, response) => (urls.add(incoming.url), captured(response)), async (url) => {
            const child = spawn('sh', ['-c', 'ulimit -f 200; exec "$@"', 'sh', program('glassbox'), 'trace', '--store', freshName('store'), '--url', `${url}/x`, '--url', `${url}/y`, '--repeat', '100000'],
                {stdio: ['ignore', 'ignore', 'pipe'], env: environment});
            let stderr = '';
            child.stderr.on('data', (piece) => (stderr += piece));
            assert.deepEqual(await once(child, 'close'), [1, null]);
            assert.match(stderr, /^glassbox trace: run \S+: the disk is full\n/);
            assert.match(stderr, /^glassbox trace: run \S+: \d+ more traces were lost before they were stored$/m);
        });
        assert.deepEqual([...urls], ['/x/full']);
    });

    it('do not tell calls apart whose names and times are alike', async () => {
        const alike = JSON.parse(document);
        const [one, , other] = alike.method_timings;
        Object.assign(alike.entries.at(-1), {timestamp_ns: 80, clock_ns: 80}); // 20 ns, as another has taken
        Object.assign(one, {call_count: 1, total_ns: 20, self_ns: 20, min_ns: 20, max_ns: 20});
        Object.assign(other, {call_count: 2, total_ns: 24, self_ns: 24, min_ns: 4, max_ns: 20});
        await serving((incoming, response) => captured(response, JSON.stringify(alike)), async (url) =>
            assert.match((await asked(url, '--repeat', '2')).stderr, /^glassbox trace: several methods have the same name: of 2 calls, file and line are a guess$/m));
    });

    it('larger than 128 MiB are given up', async () => {
        const large = Buffer.alloc((128 << 20) + 1);
        let count = 0;
        await serving((incoming, response) => captured(response, ++count === 1 ? large : document), async (url) => {
            const {stdout, stderr} = await asked(url, '--repeat', '2');
            assert.match(stderr, /: the answer broke off: it is larger than 128 MiB\n/);
            assert.match(stdout, /\n2 requests \(1 × 200\), 1 error/);
        });
    });

    it('of a server with a certificate of its own are heard if it is named', async () => {
        const certificate = makeCertificate();
        const server = https.createServer({cert: fs.readFileSync(certificate.cert), key: fs.readFileSync(certificate.key)}, (incoming, response) => captured(response)).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const url = `https://127.0.0.1:${server.address().port}/`;
        try {
            assert.match((await asked(url)).stderr, /no answer: .*certificate/i);
            assert.equal((await asked(url, '--cacert', certificate.cert)).status, 0);
            assert.equal((await asked(url, '--insecure')).status, 0);
        } finally {
            server.close();
            certificate.remove();
        }
    });
});

describe('a login', () => {
    /** Where the login leads, and what was asked for in the meantime. */
    async function requested(login, more = []) {
        const seen = [];
        const result = await serving((incoming, response) => {
            seen.push(incoming.url);
            if (incoming.url === '/login')
                login(response);
            else if (incoming.url === '/round')
                response.writeHead(302, {Location: '/round'}).end();
            else
                captured(response);
        }, (url) => trace(['--store', freshName('store'), '--login', 'ann:hush', '--login-url', '/login', '--url', `${url}/x`, ...more]));
        return {...result, seen};
    }
    const session = {'Set-Cookie': 'session=42; Path=/'};

    it('leads nowhere else', async () => {
        const others = [];
        await serving((incoming, response) => (others.push(incoming.url), response.end()), async (other) => {
            const {host} = new URL(other);
            for (const Location of [`${other}/home`, null]) {
                let own;
                const {status, seen} = await requested((response) => {
                    own = `127.0.0.1:${response.socket.localPort}`;
                    response.writeHead(302, {...session, Location: Location ?? `http://${own}@${host}/home`}).end();
                });
                assert.deepEqual({status, seen}, {status: 0, seen: ['/login', '/x/full']});
            }
        });
        assert.deepEqual(others, []);
    });

    it('ends where it goes round', async () => {
        const {status, seen} = await requested((response) => response.writeHead(302, {...session, Location: '/round'}).end());
        assert.deepEqual({status, seen}, {status: 0, seen: ['/login', ...Array(5).fill('/round'), '/x/full']});
    });

    it('posts the password once', async () => {
        const {status, stderr, seen} = await requested((response) => response.writeHead(307, {Location: '/other'}).end());
        assert.deepEqual({status, seen}, {status: 1, seen: ['/login']});
        assert.match(stderr, /^glassbox trace: login at \S+\/login: it asks to post the password elsewhere, which is not done\n/);
    });
});

describe('its arguments', () => {
    it('show no secret to others', async () => {
        let shown, child;
        await serving((incoming, response) => {
            shown ??= fs.readFileSync(`/proc/${child.pid}/cmdline`, 'latin1').split('\0');
            captured(response);
        }, async (url) => {
            const running = begin(['--store', freshName('store'), '--url', url.replace('//', '//ann:s3cret@'), '--token', 's3cret', '--cookie', 'a=s3cret', '--header', 'X: s3cret']);
            ({child} = running);
            assert.equal((await running.ended).status, 0);
        });
        assert.ok(shown.includes('--token') && shown.includes('--header'), shown);
        assert.doesNotMatch(shown.join(' '), /s3cret/);
    });

    it('show none while it waits for the login', async () => {
        const child = spawn(program('glassbox'), ['trace', '--store', freshName('store'), '--url', 'http://127.0.0.1:9/', '--token', 'covered', '--login', '-', '--login-url', '/'], {stdio: ['pipe', 'ignore', 'ignore'], env: environment});
        while (!/--token\0\*+\0/.test(fs.readFileSync(`/proc/${child.pid}/cmdline`, 'latin1')))
            await new Promise((resolve) => setTimeout(resolve, 20));
        child.stdin.end();
        assert.deepEqual(await once(child, 'close'), [2, null]);
    });
    it('are refused', async () => {
        const url = ['--url', 'http://127.0.0.1:9/'];
        const login = [...url, '--login', 'a:b', '--login-url'];
        for (const [args, line] of [
            [[...login, 'login'], /^--login-url takes a path such as \/login, not 'login'$/],
            [[...login, '/login', '--login-fields', 'a,b,c'], /^--login-fields takes two names with a comma between, not 'a,b,c'$/],
            [[...login, '/login', '--login-fields', ',b'], /^--login-fields takes two names with a comma between, not ',b'$/],
            [[...url, '--repeat', '0'], /--repeat/],
            [[...url, '--method', 'get'], /^--method takes a method such as PUT, not 'get'$/],
        ])
            assert.match(await failure(args, 2), line);
    });

    it('may name standard input, which is not larger than a body may be', async () => {
        assert.equal(await failure(['--store', freshName('store'), '--url', 'http://127.0.0.1:9/', '--body', '-'], 1, {input: Buffer.alloc((64 << 20) + 1)}), 'the body is larger than 67108864 bytes');
    });
});
