// Explains errors in the output of npm, pip and the compiler.

const causes = [
  [
    /ENOSPC|No space left on device/,
    'the disk is full; set-up needs about 5 GB. Free some space and run the command again.',
  ],
  [
    /npm error code EUSAGE/,
    'package-lock.json does not fit package.json; run `npm install --ignore-scripts` and run the command again.',
  ],
  [
    /EINTEGRITY|DO NOT MATCH THE HASHES/,
    'a downloaded package is damaged; clear the cache (`npm cache verify`, `pip cache purge`) and run the command again.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|NewConnectionError|NameResolutionError|ConnectTimeout|Read timed out|ProxyError/,
    'the package index does not answer; check the network and the proxy, and run the command again.',
  ],
  [
    /No matching distribution found/,
    'the package index lacks a pinned package for this Python and machine; check the index that pip uses, or set TANDEM_PYTHON to another Python 3.10 to 3.13.',
  ],
  [
    /cc1plus.*Killed|fatal error: Killed|virtual memory exhausted/,
    'the compiler ran out of memory; close other programs and run the command again.',
  ],
];

/** The fix for a failed child, if its output shows a known cause; otherwise undefined. */
const fixFor = (output) => causes.find(([pattern]) => pattern.test(output))?.[1];

module.exports = { fixFor };
