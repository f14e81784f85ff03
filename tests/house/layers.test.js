// SPDX-License-Identifier: MIT
// Rooms use only rooms below them, by includes and link lines, and the check detects violations.
import assert from 'node:assert/strict';
import test from 'node:test';

import {circleFaults, insideFaults, layerFaults, rooms} from './layers.js';
import {filesUnder, isC, root, withTree} from './tree.js';

test('every include and every link line of the tree keeps to the layers', () => {
    assert.deepEqual(layerFaults(root), []);
});

test('no includes go round in a circle', () => {
    assert.deepEqual(circleFaults(root), []);
});

test('nothing reads what libh2o keeps to itself', () => {
    assert.deepEqual(insideFaults(root), []);
});

for (const text of ['int f(h2o_req_t *req)\n{\n    return req->_next_filter_index;\n}\n', 'bool g(struct st_h2o_req_t *req);\n', 'x = entry.refcnt;\n']) {
    test(`notices ${JSON.stringify(text)}`, async () => {
        const faults = await withTree({'src/runtime/a.c': text}, insideFaults);
        assert.equal(faults.length, 1);
        assert.match(faults[0], /libh2o's own/);
    });
}

test('every room has sources, so that the check above looked at something', () => {
    const files = filesUnder(root).filter(isC);
    for (const {folder} of Object.values(rooms))
        assert.ok(files.some((file) => file.startsWith(folder + '/')), folder);
});

const planted = [
    ['an upward include', 'src/capture/lane.c', '#include "trace/trace.h"\n', /capture may not use trace/],
    ['an upward include with spaces', 'src/json/writer.c', '  #  include   "schemas/format.h"\n', /json may not use schemas/],
    ['a room that reaches over to its neighbour', 'src/trace/calls.c', '#include "json/writer.h"\n', /trace may not use json/],
    ['a public header of a higher room', 'src/trace/calls.c', '#include <glassbox/export.h>\n', /trace may not use export/],
    ['the graph room reading captures', 'src/graph/dot.c', '#include <glassbox/capture.h>\n', /span\.h> only/],
    ['the graph room inside the capture room', 'src/graph/dot.c', '#include "capture/read.h"\n', /span\.h> only/],
    ['the middleware using the server', 'middleware/body.c', '#include "server/server.h"\n', /h2o may not use server/],
    ['the service inside the middleware', 'src/service/jobs.c', '#include "middleware/headers.h"\n', /limits\.h> only/],
    ['the service reading traces', 'src/service/jobs.c', '#include "trace/trace.h"\n', /service may not use trace/],
    ['the runtime knowing what it serves', 'src/runtime/stream.c', '#include "json/writer.h"\n', /runtime may not use json/],
    ['the runtime answering by itself', 'src/runtime/stream.c', '#include "http/problem.h"\n', /break_off\.h>, <http\/hangup\.h> only of http/],
    ['permissions on top of the middleware', 'src/permission/keys.c', '#include <glassbox/h2o.h>\n', /permission may not use h2o/],
    ['permissions on top of libh2o', 'src/permission/keys.c', '#include <h2o.h>\n', /only middleware/],
    ['libh2o in the export room', 'src/export/full.c', '#include <h2o.h>\n', /only middleware/],
    ['a part of libh2o in the graph room', 'src/graph/dot.c', '#include <h2o/memory.h>\n', /only middleware/],
    ['zlib outside the http room', 'src/json/reader.c', '#include <zlib.h>\n', /only src\/http/],
    ['simdjson outside the json room', 'src/graph/dot.cc', '#include <simdjson.h>\n', /only src\/json/],
    ['an include that hides its room', 'src/trace/calls.c', '#include "trace.h"\n', /starts with its room/],
    ['an include that climbs', 'src/trace/calls.c', '#include "trace/../capture/read.h"\n', /starts with its room/],
    ['a public header on top of libh2o', 'include/glassbox/span.h', '#include <h2o.h>\n', /only middleware/],
    ['the ground standing on a room', 'include/glassbox/error.h', '#include <glassbox/export.h>\n', /may not use export/],
    ['a public header that is none', 'src/cli/main.c', '#include <glassbox/all.h>\n', /no such public header/],
    ['a folder that is no room', 'src/misc/helpers.c', '\n', /belongs to no room/],
    ['a link line upwards', 'src/trace/CMakeLists.txt', 'target_link_libraries(glassbox-trace PUBLIC glassbox::export)\n', /may not link glassbox::export/],
    ['a library that is another room\'s', 'src/json/CMakeLists.txt', 'target_link_libraries(glassbox-json\n  PRIVATE ZLIB::ZLIB)\n', /may not link ZLIB/],
];
for (const [what, file, text, fault] of planted) {
    test(`notices ${what}`, async () => {
        const faults = await withTree({[file]: text}, layerFaults);
        assert.equal(faults.length, 1);
        assert.match(faults[0], fault);
    });
}

const circles = [
    ['two headers', {'src/trace/a.h': '#include "trace/b.h"\n', 'src/trace/b.h': '#include "trace/a.h"\n'}, ['src/trace/a -> src/trace/b -> src/trace/a']],
    ['a source file and a header', {'src/trace/a.h': '\n', 'src/trace/a.c': '#include "trace/b.h"\n', 'src/trace/b.h': '#include "trace/a.h"\n'},
        ['src/trace/a -> src/trace/b -> src/trace/a']],
    ['three files in two rooms', {'middleware/a.c': '#include "trace/b.h"\n', 'src/trace/b.cc': '  # include "schemas/c.h"\n', 'src/trace/b.h': '\n',
        'schemas/c.h': '#include "middleware/a.h"\n', 'middleware/a.h': '\n'}, ['middleware/a -> src/trace/b -> schemas/c -> middleware/a']],
    ['public headers', {'include/glassbox/a.h': '#include <glassbox/b.h>\n', 'include/glassbox/b.h': '#include <glassbox/a.h>\n'},
        ['include/glassbox/a -> include/glassbox/b -> include/glassbox/a']],
    ['none where two ways lead to one file', {'src/trace/a.c': '#include "trace/b.h"\n#include "trace/c.h"\n', 'src/trace/b.h': '#include "trace/c.h"\n', 'src/trace/c.h': '\n'}, []],
];
for (const [what, files, expected] of circles) {
    test(`circles: ${what}`, async () => {
        assert.deepEqual(await withTree(files, circleFaults), expected);
    });
}

test('accepts what the layers allow', async () => {
    const allowed = {
        'src/trace/calls.c': '#include "capture/read.h"\n#include <glassbox/capture.h>\n#include <stdlib.h>\n',
        'src/graph/dot.c': '#include "graph/dot.h"\n#include "json/writer.h"\n#include <glassbox/error.h>\n#include <glassbox/span.h>\n',
        'middleware/body.c': '#include "middleware/body.h"\n#include "schemas/trace_config.h"\n#include <h2o.h>\n',
        'tests/unit/trace/calls.c': '#include "server/server.h"\n',
        'src/trace/CMakeLists.txt': 'target_link_libraries(glassbox-trace PUBLIC glassbox::capture)\n',
    };
    assert.deepEqual(await withTree(allowed, layerFaults), []);
});
