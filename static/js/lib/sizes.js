/** Sizes of files in words. */

const MEGABYTE = 1024 * 1024;

/** @param {number} bytes @returns {string} "12.3 MB", or "0.1 MB" for anything smaller */
export function megabytes(bytes) {
  return `${Math.max(bytes / MEGABYTE, 0.1).toFixed(1)} MB`;
}
