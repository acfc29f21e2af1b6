import { describe, expect, it } from 'vitest';
import { hashText, writeBag } from '../../../src/data/text/bag.ts';
import { mailBody } from '../../../src/data/text/mail-body.ts';
import { groupNearCopies } from '../../../src/data/text/near-copies.ts';
import { tokensOf } from '../../../src/data/text/tokens.ts';

const mail = (...lines: string[]) => lines.join('\n');

describe('the body of a mail', () => {
  it('has no header, continued lines included', () => {
    const text = mail(
      'From me Thu Aug 22',
      'Received: from secret.example',
      '\tby hidden.example',
      'Subject: told',
      '',
      'Dear',
      '',
      'you',
    );
    expect(mailBody(text)).toBe('Dear\n\nyou');
    expect(mailBody('Subject: nothing but headers')).toBe('');
    expect(mailBody('\nno headers')).toBe('no headers');
  });

  it('is undone of its transfer encoding', () => {
    const base64 = Buffer.from('Dear friend').toString('base64');
    expect(mailBody(mail('Content-Transfer-Encoding: BASE64', '', base64))).toBe('Dear friend');
    const quoted = mail('Content-Transfer-Encoding: quoted-printable', '', 'a long=20wor=', 'd =3D');
    expect(mailBody(quoted)).toBe('a long word =');
  });

  it('of HTML is its text', () => {
    const html = mail(
      'Content-Type: text/html; charset=us-ascii',
      '',
      '<style>p { color: red }</style><P>5 &lt; 6<!-- no -->&nbsp;&#33;</P>',
    );
    expect(mailBody(html).trim()).toBe('5 < 6 !');
    // Said to be plain, but is not.
    expect(mailBody(mail('', '<HTML><a href="http://x">here</a></HTML>')).trim()).toBe('here');
  });

  it('of several parts is that of its texts, nested ones too, without their headers', () => {
    const inner = mail(
      'Content-Type: multipart/alternative; boundary=bb',
      '',
      '--bb',
      'X-Inner: secret',
      '',
      'two',
      '--bb--',
      '',
    );
    const text = mail(
      'Content-Type: multipart/mixed;',
      ' boundary="b"',
      '',
      'ignored by programs that know parts',
      '--b',
      'Content-Type: text/plain',
      '',
      'one',
      '--b',
      inner,
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: secret',
      '',
      'three',
      '--b',
      'Content-Type: image/gif',
      '',
      'R0lGODlh',
      '--b--',
      'after the end',
    );
    expect(mailBody(text)).toBe('one\ntwo\nthree\n');
  });

  it('of parts within parts without end stops', () => {
    const line = 'Content-Type: message/rfc822\n\n';
    expect(mailBody(line.repeat(1000))).toBe('');
  });
});

describe('words', () => {
  it('are lower case; what is no word has a mark', () => {
    expect(tokensOf("Don't PAY $1,000.00 at http://a.example/x?y=1, write to Me.Too@b.example!")).toEqual([
      "don't",
      'pay',
      '$',
      '<number>',
      'at',
      '<url>',
      'write',
      'to',
      '<mail>',
      '!',
    ]);
    expect(tokensOf(`12:30 ${'x'.repeat(24)} ${'x'.repeat(25)} \xe9\xe8 www.a.example`)).toEqual([
      '<number>',
      'x'.repeat(24),
      '<long>',
      '<foreign>',
      '<url>',
    ]);
    expect(tokensOf(' \n-- ')).toEqual([]);
  });
});

describe('bags of words', () => {
  const bag = (places: number[], width = 4) => {
    const out = new Float32Array(width + 2).fill(9);
    writeBag(places, width, out, 1);
    expect([out[0], out[width + 1]]).toEqual([9, 9]);
    return [...out.subarray(1, -1)];
  };

  it('count, take the logarithm, and have length 1', () => {
    const [once, thrice] = [Math.log(2), Math.log(4)];
    const length = Math.hypot(once, thrice);
    const values = bag([2, 0, 2, 2]);
    [once / length, 0, thrice / length, 0].forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 6);
    });
    expect(bag([])).toEqual([0, 0, 0, 0]);
    expect(bag([3])).toEqual([0, 0, 0, 1]);
  });

  it('hash evenly', () => {
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 6400; i++) counts[hashText(`word${i}`) % 64]++;
    // χ² with 63 degrees of freedom: mean 63, standard deviation 11.2.
    const square = counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(Math.abs(square - 63)).toBeLessThan(5 * 11.2);
  });
});

describe('near copies', () => {
  const text = (from: number, length: number) => Int32Array.from({ length }, (_, i) => from + i);
  const changed = (words: Int32Array, ...places: number[]) =>
    words.map((word, i) => (places.includes(i) ? -1 : word));

  it('are grouped under the first of them, across others', () => {
    const [a, b] = [text(0, 200), text(1000, 200)];
    expect([...groupNearCopies([a, b, changed(a, 50), b, changed(a, 20, 150)])]).toEqual([0, 1, 0, 1, 0]);
  });

  it('are not those that share a third', () => {
    const shared = text(0, 100);
    const texts = Array.from({ length: 40 }, (_, i) =>
      Int32Array.from([...shared, ...text(1000 * (i + 1), 100)]),
    );
    expect(new Set(groupNearCopies(texts)).size).toBe(40);
  });

  it('of short and empty texts are their like alone', () => {
    const of = (...words: number[]) => Int32Array.from(words);
    expect([...groupNearCopies([of(), of(1), of(1, 2), of(), of(1), of(2, 1)])]).toEqual([0, 1, 2, 0, 1, 5]);
    expect([...groupNearCopies([])]).toEqual([]);
  });
});
