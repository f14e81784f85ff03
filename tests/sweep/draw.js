// SPDX-License-Identifier: MIT
// Draws DOT with Graphviz: with dot while its layout takes seconds, otherwise with osage, whose time is linear.
import {spawn} from 'node:child_process';
import crypto from 'node:crypto';

/** Runs a program of Graphviz on a text; resolves to {svg}, {late: true} past the limit, or {fault}. */
function run(program, text, limitMs) {
    return new Promise((resolve) => {
        const child = spawn(program, ['-Tsvg'], {stdio: ['pipe', 'pipe', 'pipe']});
        const pieces = [];
        let complaints = '';
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            child.kill('SIGKILL');
        }, limitMs);
        child.stdout.on('data', (piece) => pieces.push(piece));
        child.stderr.on('data', (piece) => (complaints += piece));
        child.stdin.on('error', () => {}); // it ended early, and says why itself
        child.on('error', (error) => resolve({fault: `${program}: ${error.message}`}));
        child.on('close', (code) => {
            clearTimeout(timer);
            if (late)
                resolve({late});
            else
                resolve(code === 0 ? {svg: Buffer.concat(pieces)} : {fault: `${program} ended with ${code}: ${complaints.slice(0, 300)}`});
        });
        child.stdin.end(text);
    });
}

function count(bytes, text) {
    let found = 0;
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length))
        found++;
    return found;
}

/** What is wrong with a drawing of so many nodes and edges; null when nothing is. */
function faultOf({svg, fault}, {nodes, edges}) {
    if (fault)
        return fault;
    const drawn = [count(svg, 'class="node"'), count(svg, 'class="edge"')];
    return drawn[0] === nodes && drawn[1] === edges ? null : `draws ${drawn[0]} nodes and ${drawn[1]} edges, not ${nodes} and ${edges}`;
}

/** Draws each different text once, `jobs` at a time. */
export class Drawing {
    constructor({drawUpTo, limitMs, jobs = 2}) {
        Object.assign(this, {drawUpTo, limitMs, jobs});
        this.seen = new Set();
        this.waiting = [];
        this.running = 0;
        this.counts = {dot: 0, osage: 0, late: 0, again: 0, largest: 0};
        this.faults = [];
    }

    /** Takes a text in line; resolves when there is room for more. */
    async add(what, text, numbers) {
        const digest = crypto.createHash('sha256').update(text).digest('base64');
        if (this.seen.has(digest)) {
            this.counts.again++;
            return;
        }
        this.seen.add(digest);
        while (this.running >= this.jobs)
            await new Promise((resolve) => this.waiting.push(resolve));
        this.running++;
        this.draw(what, text, numbers).finally(() => {
            this.running--;
            this.waiting.splice(0).forEach((wake) => wake());
        });
    }

    async draw(what, text, numbers) {
        let result = {late: true};
        if (numbers.nodes <= this.drawUpTo) {
            result = await run('dot', text, this.limitMs);
            this.counts[result.late ? 'late' : 'dot']++;
        }
        if (result.late) {
            result = await run('osage', text, 20 * this.limitMs);
            this.counts.osage++;
            if (result.late)
                result = {fault: 'osage is not done in time'};
        }
        this.counts.largest = Math.max(this.counts.largest, numbers.nodes);
        const fault = faultOf(result, numbers);
        if (fault)
            this.faults.push(`${what}: ${fault}`);
    }

    /** Resolves when everything in line is drawn. */
    async done() {
        while (this.running > 0)
            await new Promise((resolve) => this.waiting.push(resolve));
    }
}
