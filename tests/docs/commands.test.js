// SPDX-License-Identifier: MIT
// Every command in the documentation runs against an installed build, and every answer that is shown is a real one.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get} from '../integration/support/client.js';
import {built, program, source, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {blocksOf, pages, pageText, tableOf} from './markdown.js';
import {runBlock, scriptOf} from './session.js';
import {shapeFaults} from './shape.js';

// What no test can run in place: the page, its first command, and nothing else.
const NOT_RUN = [
    'README.md: ./scripts/start',
    'README.md: cmake --preset release -DGLASSBOX_EXAMPLES=ON && cmake --build --preset release',
    'docs/findings.md: glassbox findings ack 3dc671bbec12ee7d --because "30 rows at most, and the table is small" --until 2027-06-30',
    'docs/performance.md: ./scripts/bench',
    'docs/store.md: glassbox open',
    'docs/testing.md: ./scripts/test',
    'docs/testing.md: GLASSBOX_BINARY=$PWD/build/release node tests/docs/picture.js',
    'docs/trace.md: glassbox trace --login ann:secret --login-url /login --url http://localhost:9000/account --repeat 20 -- ./shop',
];

// Commands that run in another place, with the folders of this build.
const RUN_ELSEWHERE = [
    'docs/embedding.md: cmake --preset release && cmake --build --preset release && sudo cmake --install build/release',
    'docs/embedding.md: cmake -S examples -B build/examples && cmake --build build/examples',
    'docs/testing.md: cmake --preset dev && cmake --build --preset dev',
];

const work = built('tests', 'docs', 'work');
const prefix = path.join(work, 'prefix');
const texts = pages().map((page) => ({page, text: pageText(page)}));
const firstCommand = ({code}) => code.split('\n')[0].split(/ +#/)[0].trim();

let server;
let env;
before(async () => {
    fs.rmSync(work, {recursive: true, force: true});
    execFileSync('cmake', ['--install', built(), '--prefix', prefix], {stdio: 'ignore'});
    const packages = path.dirname(execFileSync('find', [prefix, '-name', 'glassbox-h2o.pc'], {encoding: 'utf8'}).trim());
    const {PORT, ...inherited} = process.env;
    env = {
        ...inherited, SOURCE: source(), BUILD: built(), PREFIX: prefix, PATH: `${path.join(prefix, 'bin')}:${process.env.PATH}`, CMAKE_PREFIX_PATH: prefix,
        PKG_CONFIG_PATH: packages, LD_LIBRARY_PATH: path.dirname(packages), npm_config_offline: 'true', npm_config_update_notifier: 'false',
    };
    server = await startGlassbox('--threads', '1'); // so that the loop is loop-0, as documented
});
after(() => stopGlassbox(server));

/** A directory for the commands of a page, with the files that the page shows. */
function directoryFor(page, blocks) {
    const cwd = path.join(work, page.replaceAll('/', '-'));
    fs.mkdirSync(cwd, {recursive: true});
    fs.symlinkSync(source('tests', 'node_modules'), path.join(cwd, 'node_modules'));
    const show = (name, language, mark) => {
        const block = blocks.find((one) => one.language === language && one.code.includes(mark));
        if (block)
            fs.writeFileSync(path.join(cwd, name), block.code);
    };
    show('server.c', 'c', 'h2o_evloop_run');
    show('CMakeLists.txt', 'cmake', 'add_executable(server server.c)');
    show('glassbox.conf', 'ini', 'port');
    return cwd;
}

describe('the commands', {concurrency: 3}, () => {
    for (const {page, text} of texts) {
        const blocks = blocksOf(text);
        const commands = blocks.filter(({language, notRun}) => language === 'sh' && notRun === null);
        if (commands.length === 0)
            continue;
        it(`${page} can be followed`, async () => {
            const cwd = directoryFor(page, blocks);
            for (const block of commands) {
                const next = blocks[blocks.indexOf(block) + 1];
                const documented = next?.language === 'json' ? JSON.parse(next.code) : null;
                const printed = await runBlock(block.run ?? block.code, {cwd, env, port: server.port, refused: documented?.status >= 400});
                if (documented !== null)
                    assert.deepEqual(shapeFaults(documented, JSON.parse(printed.trim().split('\n').at(-1))), [], `${page}:${next.line}`);
                for (const file of block.code.matchAll(/ -o (\S+\.(?:json|d\.ts))/g)) {
                    const saved = fs.readFileSync(path.join(cwd, file[1]), 'utf8');
                    assert.ok(file[1].endsWith('.json') ? Object.keys(JSON.parse(saved)).length > 2 : saved.includes('export '), file[1]);
                }
            }
        });
    }

    it('read every configuration file that is shown', () => {
        for (const [i, {page, line, code}] of texts.flatMap(({page, text}) => blocksOf(text).map((block) => ({page, ...block}))).filter(({language}) => language === 'ini').entries()) {
            const file = path.join(work, `shown-${i}.conf`);
            fs.writeFileSync(file, code);
            const read = spawnSync(program('glassbox'), ['serve', '--config', file, '--print-config'], {encoding: 'utf8'});
            assert.equal(read.status, 0, `${page}:${line}: ${read.stderr}`);
            assert.ok(read.stdout.includes(`${file}:`), read.stdout);
        }
    });

    it('run elsewhere no more than these', () => {
        const moved = texts.flatMap(({page, text}) => blocksOf(text).filter(({run}) => run).map((block) => `${page}: ${firstCommand(block)}`));
        assert.deepEqual(moved.sort(), RUN_ELSEWHERE);
    });

    it('leave out no more than these', () => {
        const left = texts.flatMap(({page, text}) => blocksOf(text).filter(({notRun}) => notRun !== null).map((block) => ({page, block})));
        assert.deepEqual(left.map(({page, block}) => `${page}: ${firstCommand(block)}`), NOT_RUN);
        for (const {page, block} of left)
            assert.ok(block.notRun.length > 20, `${page}:${block.line} says why`);
    });

    it('that are left out name scripts that are there', () => {
        for (const {page, text} of texts) {
            for (const [, script] of text.matchAll(/(?:\.\/|\bnode |\[)((?:scripts|tests)\/[\w/.-]+)/g))
                assert.ok(fs.existsSync(source(script)), `${page}: ${script}`);
        }
    });

    it('are shown as sh, and every answer follows a command', () => {
        for (const {page, text} of texts) {
            for (const [i, {language, line}] of blocksOf(text).entries()) {
                assert.ok(['', 'sh', 'c', 'cmake', 'json', 'ini'].includes(language), `${page}:${line}: ${language}`);
                assert.ok(language !== 'json' || blocksOf(text)[i - 1]?.language === 'sh', `${page}:${line} follows a command`);
            }
        }
    });
});

describe('the names', () => {
    it('of options are the program\'s', () => {
        const help = ['serve', 'token'].map((command) => execFileSync(program('glassbox'), [command, '--help'], {encoding: 'utf8'})).join('');
        for (const page of ['README.md', 'docs/api.md', 'docs/operations.md']) {
            for (const [, option] of pageText(page).matchAll(/`(--[a-z][a-z-]+)/g))
                assert.ok(new RegExp(`${option}(?![a-z-])`).test(help), `${page}: ${option}`);
        }
    });

    it('of engines, transformations and formats are the service\'s', async () => {
        const api = pageText('docs/api.md');
        const named = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
        const listed = async (of) => (await get(server, `/graph/${of}`)).json()[of].map(({name}) => name);
        const rows = (heading) => tableOf(api, heading).flatMap(([first]) => named(first));
        const [engines] = api.match(/^The engines are .*/m);
        assert.deepEqual(named(engines).filter((name) => name !== 'default').sort(), (await listed('engines')).sort());
        assert.deepEqual(rows('transformation').sort(), (await listed('transformations')).sort());
        assert.deepEqual(rows('format'), (await get(server, '/', {Accept: 'application/json'})).json().routes.find(({trace_suffixes: all}) => all).trace_suffixes);
    });
});

describe('a mistake is noticed', () => {
    const run = (code, options = {}) => runBlock(code, {cwd: work, env, port: server.port, ...options});
    it('in a command', async () => {
        await assert.rejects(run('glassbox serve --no-such-option &'), /no-such-option/);
        await assert.rejects(run('curl -s http://127.0.0.1:8000/no/such/route'), /ended with 22/);
        assert.match(await run('curl -s http://127.0.0.1:8000/no/such/route', {refused: true}), /"status":404/);
    });
    it('in an answer', () => {
        const real = {a: 1, b: ['x', 'y'], c: {d: null}, e: 'flowchart TD\n'};
        assert.deepEqual(shapeFaults({a: 2, b: ['y'], c: {d: null}, e: 'flowchart ...'}, real), []);
        assert.deepEqual(shapeFaults({a: '1', b: ['z'], c: {e: 1}}, real), ['/a: string instead of number', '/b/0: z instead of x', '/c/e: is not there']);
    });
    it('and a port is never the documented one', () => {
        assert.doesNotMatch(scriptOf('glassbox serve &\n./server 8080 &\ncurl http://127.0.0.1:8000/ \\\n  -o x'), /80[08]0/);
    });
});
