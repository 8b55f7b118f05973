import { HttpClient } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl } from '@angular/forms';
import { DEFAULT_POLICY, SetUpDto, type ValidationPolicy } from '@latchkey/auth-models';
import { NEVER, of } from 'rxjs';
import { EN } from '../../core/texts/en';
import { ServerPolicy } from '../server-policy';
import { errorText } from './field-error';
import { newPassword, newPasswordHint } from './new-password';

const POLICY: ValidationPolicy = { ...DEFAULT_POLICY, password: { minLength: 20 } };

async function setUp(policy: ValidationPolicy | null): Promise<void> {
  const get = () => (policy === null ? NEVER : of(policy));
  TestBed.configureTestingModule({ providers: [{ provide: HttpClient, useValue: { get } }] });
  TestBed.inject(ServerPolicy).current.value();
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
}

describe('newPassword', () => {
  const messageOf = (text: string) => {
    const rules = TestBed.runInInjectionContext(() => newPassword(SetUpDto, 'password'));
    return errorText(rules(new FormControl(text)), EN);
  };

  it('validates by the policy of this server', async () => {
    await setUp(POLICY);

    expect(['', 'short', 'x'.repeat(19), 'long enough for it, or not'].map(messageOf)).toEqual([
      'This field is required.',
      'Use at least 20 characters.',
      'Use at least 20 characters.',
      null,
    ]);
    expect(messageOf('x'.repeat(257))).toBe('Use at most 256 characters, without control characters.');
  });

  it('validates by the default policy until that of the server is loaded', async () => {
    await setUp(null);

    expect(messageOf('x'.repeat(14))).toBe('Use at least 15 characters.');
    expect(messageOf('x'.repeat(15))).toBeNull();
  });
});

describe('newPasswordHint', () => {
  it('counts characters while typing', async () => {
    await setUp(POLICY);
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
