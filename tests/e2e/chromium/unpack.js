// Unpacks the browser of @sparticuz/chromium beside this file: bin/ (with its software renderer), lib/ and fonts/.
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import tar from "tar-fs";

const PACKED = "node_modules/@sparticuz/chromium/bin";
const unpack = (name, into) => pipeline(createReadStream(`${PACKED}/${name}.br`), createBrotliDecompress(), into);
// The archives carry folders of their own ("lib", "fonts"), which are dropped here.
const flat = (folder) =>
  tar.extract(folder, { map: (entry) => ({ ...entry, name: entry.name.replace(/^(lib|fonts)\//, "") }) });

mkdirSync("bin", { recursive: true });
await unpack("al2023.tar", flat("lib"));
await unpack("swiftshader.tar", flat("bin"));
await unpack("fonts.tar", flat("fonts"));
await unpack("chromium", createWriteStream("bin/chromium", { mode: 0o755 }));
