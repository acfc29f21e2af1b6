/**
 * The characters that stand for the 256 bytes in byte-level tokenisers, by byte (GPT-2's choice): those that can be printed
 * stand for themselves, the others have the code points from 256 on.
 */
export const byteCharacters: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(isPrinted(byte) ? byte : 256 + unprintedBefore(byte)),
);

function isPrinted(byte: number): boolean {
  return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
}

function unprintedBefore(byte: number): number {
  let count = 0;
  for (let other = 0; other < byte; other++) if (!isPrinted(other)) count++;
  return count;
}
