import { HttpClient } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl } from '@angular/forms';
import { SetUpDto } from '@latchkey/auth-models';
import { of } from 'rxjs';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { EN } from '../../core/texts/en';
import { dtoField } from './dto-field';
import { errorText } from './field-error';
import { minimumIn, PasswordMinimum, newPassword, newPasswordHint } from './new-password';

const items = [{ name: 'LATCHKEY_PASSWORD_MIN_LENGTH', value: '20' }];

function setUp(maySeeSettings: boolean): void {
  TestBed.configureTestingModule({
    providers: [
      { provide: HttpClient, useValue: { get: () => of({ items }) } },
      { provide: Session, useValue: { can: () => maySeeSettings } },
    ],
  });
}

async function minimum(): Promise<number> {
  const { length } = TestBed.inject(PasswordMinimum);
  length();
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
  return length();
}

const refused = (code: string, message: string) =>
  ({ errors: [{ pointer: '/password', code, message }] }) as unknown as Problem;

describe('PasswordMinimum', () => {
  it('is read from the settings by users who may see them', async () => {
    setUp(true);

    expect(await minimum()).toBe(20);
  });

  it('is the default until a rejected password states another', async () => {
    setUp(false);
    const before = await minimum();
    TestBed.inject(PasswordMinimum).learn(
      refused('password_too_short', 'password must have at least 24 characters'),
    );

    expect([before, await minimum()]).toEqual([15, 24]);
  });
});

describe('minimumIn', () => {
  it.each([
    ['password_too_short', 'newPassword must have at least 24 characters', 24],
    ['is_password', 'password must have 12 to 256 printable characters', 12],
    ['is_email', 'email must have at least 3 characters', null],
  ])('reads the minimum from %s', (code, message, expected) => {
    expect(minimumIn({ code, message })).toBe(expected);
  });
});

describe('newPassword', () => {
  it('rejects passwords shorter than the minimum of this server', async () => {
    setUp(true);
    await minimum();
    const rules = TestBed.runInInjectionContext(() => newPassword(dtoField(SetUpDto, 'password')));
    const message = (text: string) => errorText(rules(new FormControl(text)), EN);

    expect([message('short'), message(''), message('long enough for any server')]).toEqual([
      'Use at least 20 characters.',
      'This field is required.',
      null,
    ]);
  });

  it('counts characters in the hint while typing', async () => {
    setUp(true);
    await minimum();
    const typed = signal('');
    const hint = TestBed.runInInjectionContext(() => newPasswordHint(typed));
    const before = hint();
    typed.set('wörter');

    expect([before, hint()]).toEqual([
      'At least 20 characters. Several words work well.',
      'At least 20 characters. Several words work well. 6 so far.',
    ]);
  });
});
