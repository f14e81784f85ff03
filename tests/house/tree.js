// SPDX-License-Identifier: MIT
// The source tree for the house tests: its files, and scratch copies in which violations are planted.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = path.resolve(process.env.GLASSBOX_SOURCE ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../..'));

const skipped = new Set(['.git', 'build', 'node_modules']);

/** Every file under `top`, relative to it, sorted; build output, packages and the repository itself left out. */
export function filesUnder(top) {
    const found = [];
    const visit = (directory) => {
        for (const entry of fs.readdirSync(path.join(top, directory), {withFileTypes: true})) {
            const name = path.join(directory, entry.name);
            if (entry.isDirectory() && !skipped.has(entry.name))
                visit(name);
            else if (entry.isFile())
                found.push(name);
        }
    };
    visit('');
    return found.sort();
}

export const isC = (file) => /\.(c|h|cc|cpp)$/.test(file);
export const readText = (top, file) => fs.readFileSync(path.join(top, file), 'utf8');

/** Calls `test` with a new directory that holds `files` ({name: text}), and removes it afterwards. */
export async function withTree(files, test) {
    const top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-house-'));
    try {
        for (const [name, text] of Object.entries(files)) {
            fs.mkdirSync(path.dirname(path.join(top, name)), {recursive: true});
            fs.writeFileSync(path.join(top, name), text);
        }
        return await test(top);
    } finally {
        fs.rmSync(top, {recursive: true});
    }
}
