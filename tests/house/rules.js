// SPDX-License-Identifier: MIT
// House rules that a text search can check: file heads, lengths, names, and calls that libraries must not make.
import path from 'node:path';

import {filesUnder, isC, readText} from './tree.js';

const isLibrary = (file) => /^(include|src\/(capture|trace|json|export|graph)|schemas|middleware)\//.test(file);
const isText = (file) => isC(file) || /\.(js|json|cmake|txt|md|in|pc|yml|sh)$|(^|\/)[a-z]+$|CMakeLists/.test(file);
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
const withoutLiterals = (text) => withoutComments(text).replace(/"(\\.|[^"\\\n])*"/g, '""');

// Spelled so that this file does not break the rule it states.
const machineFolders = [['work', 'main'], ['work', 'shared'], ['home'], ['root'], ['Users']].map((names) => `/${names.join('/')}/`);

/** Each rule: the files it is for, and what it finds in one (a sentence, or nothing). */
const rules = [
    {
        name: 'the head says the licence and then what the file owns',
        applies: (file) => isC(file) || file.endsWith('.js'),
        fault: (text) => {
            const lines = text.split('\n').filter((line) => !line.startsWith('#!'));
            if (!/^(\/\*|\/\/) SPDX-License-Identifier: MIT( \*\/)?$/.test(lines[0]))
                return 'the first line is no SPDX line';
            return /^(\/\*|\/\/) \S/.test(lines[1] ?? '') ? null : 'the second line does not say what the file owns';
        },
    },
    {
        name: 'files stay readable',
        applies: isC,
        fault: (text) => (text.split('\n').length > 451 ? 'longer than 450 lines' : null),
    },
    {
        name: 'no file is called after nothing',
        applies: isC,
        fault: (text, file) => (/^(common|utils?|helpers?|misc)\./.test(path.basename(file)) ? 'the name says nothing' : null),
    },
    {
        name: 'no type of ours ends in _t',
        applies: isC,
        fault: (text) => withoutLiterals(text).match(/\btypedef\b[^;{]*\b(\w+_t)\s*;|\}\s*(\w+_t)\s*;/)?.[0],
    },
    {
        name: 'no JSON by printf',
        applies: isC,
        fault: (text) => withoutComments(text).match(/printf\s*\([^;]*\\"\w+\\"\s*:[^;]*;/)?.[0],
    },
    {
        name: 'a library does not print, exit, abort or take signals in its host',
        applies: (file) => isC(file) && isLibrary(file),
        fault: (text) => withoutLiterals(text).match(/(?<![\w.>])(abort|_?exit|v?f?printf|puts|perror|signal|sigaction)\s*\([^;]*;/)?.[0],
    },
    {
        name: 'no path of somebody\'s machine',
        applies: (file) => isText(file) && !file.startsWith('fixtures/'),
        fault: (text) => {
            const folder = machineFolders.find((name) => new RegExp(`(^|[\\s"'=(:\`])${name}`, 'm').test(text + '/'));
            return folder ? `names ${folder}` : null;
        },
    },
    {
        name: 'loops count in one way',
        applies: (file) => isC(file) && /^(src|schemas|middleware)\//.test(file),
        fault: (text) => withoutLiterals(text).match(/\bfor \([^;]*;[^;]*; *(\+\+|--)[^\n]*|\bfor \((\w|->|\.)+ = [^\n]*/)?.[0],
    },
    {
        name: 'an error code is called err',
        applies: (file) => /^(src|schemas|middleware)\/.*\.cc?$/.test(file),
        fault: (text) => withoutLiterals(text).match(/^ +gbx_err (error|result|code|status|rc|ret)\b[^;]*;/m)?.[0].trim(),
    },
    {
        name: 'a graph is made of counted memory alone',
        applies: (file) => /^src\/graph\/.*\.[ch]$/.test(file),
        fault: (text) => withoutLiterals(text).match(/(?<![\w.>])(malloc|calloc|realloc|free|strn?dup|v?asprintf)\s*\(/)?.[0],
    },
    {
        name: 'the lock file names no registry',
        applies: (file) => path.basename(file) === 'package-lock.json',
        fault: (text) => (text.includes('"resolved"') ? 'has "resolved" fields' : null),
    },
];

/** Every breach of a rule in the tree at `top`, one sentence each. */
export function ruleFaults(top) {
    const faults = [];
    for (const file of filesUnder(top).filter(isText)) {
        const text = readText(top, file);
        for (const rule of rules.filter(({applies}) => applies(file))) {
            const fault = rule.fault(text, file);
            if (fault)
                faults.push(`${file}: ${rule.name}: ${fault}`);
        }
    }
    return faults;
}
