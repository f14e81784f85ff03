// SPDX-License-Identifier: MIT
// A certificate of our own, made for one run of the tests.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const KINDS = {ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], rsa: ['rsa:2048']};

/** {cert, key, remove()}: paths of a self-signed certificate for localhost and of its key, 'ec' or 'rsa'. */
export function makeCertificate(kind = 'ec') {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-tls-'));
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(directory, name));
    execFileSync('openssl', [
        'req', '-x509', '-newkey', ...KINDS[kind], '-nodes', '-days', '2', '-subj', '/CN=localhost',
        '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert,
    ], {stdio: 'pipe'});
    return {cert, key, remove: () => fs.rmSync(directory, {recursive: true})};
}
