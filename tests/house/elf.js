// SPDX-License-Identifier: MIT
// Reads with readelf the properties of a program that make it harder to exploit.
import {execFileSync} from 'node:child_process';

const read = (file, ...options) => execFileSync('readelf', ['-W', ...options, file], {encoding: 'utf8', maxBuffer: 1 << 28});

/** {pie, bindNow, relro, executableStack, writableCode, textRelocations, searchPaths, undefined: names} of an ELF file. */
export function facts(file) {
    const segments = [...read(file, '-l').matchAll(/^ +(\w+) +(?:0x\w+ +){5}([RWE ]{3})/gm)].map(([, type, flags]) => ({type, flags}));
    const dynamic = read(file, '-d');
    const stack = segments.find(({type}) => type === 'GNU_STACK');
    const symbols = [...read(file, '--dyn-syms').matchAll(/ UND (\w+)/g)].map(([, name]) => name);
    return {
        pie: /\(FLAGS_1\).*\bPIE\b/.test(dynamic) && /Type: +DYN/.test(read(file, '-h')),
        bindNow: /\(FLAGS_1\).*\bNOW\b/.test(dynamic),
        relro: segments.some(({type}) => type === 'GNU_RELRO'),
        executableStack: stack === undefined || stack.flags.includes('E'),
        writableCode: segments.some(({type, flags}) => type === 'LOAD' && flags.includes('W') && flags.includes('E')),
        textRelocations: /TEXTREL/.test(dynamic),
        searchPaths: [...dynamic.matchAll(/\((?:RPATH|RUNPATH)\).*\[(.*)\]/g)].map(([, where]) => where),
        undefined: symbols,
    };
}
