// SPDX-License-Identifier: MIT
// Runs a shell block of the documentation like a reader, but on free ports, and ends the processes that it started.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';

// Servers write their first line into a pipe of the session, so that the next command finds them listening.
const prelude = `
set -euo pipefail
rm -f first-line && mkfifo first-line
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
listening() { local line; exec 9<first-line; IFS= read -r line <&9; PORT=\${line##*:}; PORT=\${PORT%%/*}; }
`;
const failOnStatus = 'curl() { command curl --fail-with-body --max-time 60 "$@"; }\n';

/** One line: a server in the background gets a free port and is waited for, a client asks that port. */
function adapt(line) {
    const server = line.match(/^(.*\S) &$/)?.[1];
    if (server !== undefined)
        return (/\bserve\b/.test(server) ? `${server} --port 0` : server.replace(/ \d{4,5}$/, ' 0')) + ' >first-line &\nlistening';
    return line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:$PORT');
}

/** The script that stands for a block's commands. */
export function scriptOf(code, {refused = false} = {}) {
    const lines = code.replace(/ *\\\n */g, ' ').trim().split('\n');
    return prelude + (refused ? '' : failOnStatus) + lines.map(adapt).join('\n') + '\n';
}

/** Runs the commands in `cwd`, asking `port` where they start no server, and resolves to what they printed. */
export async function runBlock(code, {cwd, env, port, refused}) {
    const child = spawn('bash', ['-c', scriptOf(code, {refused})], {cwd, env: {...env, PORT: String(port)}, stdio: ['ignore', 'pipe', 'pipe']});
    let printed = '', complaints = '';
    child.stdout.on('data', (piece) => (printed += piece));
    child.stderr.on('data', (piece) => (complaints += piece));
    const code_ = await new Promise((resolve, reject) => child.on('error', reject).on('close', (exit, signal) => resolve(exit ?? signal)));
    assert.equal(code_, 0, `${code}\nended with ${code_}: ${complaints}${printed}`);
    return printed;
}
