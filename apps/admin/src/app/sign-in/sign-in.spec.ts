import { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { provideRouter, Router } from '@angular/router';
import { jest } from '@jest/globals';
import { Session } from '../core/session';
import { SignIn } from './sign-in';

const signIn = jest.fn<Session['signIn']>();
const isSignedIn = signal(false);
let fixture: ComponentFixture<SignIn>;
let loader: HarnessLoader;
let navigate: jest.SpiedFunction<Router['navigateByUrl']>;

beforeEach(async () => {
  signIn.mockReset().mockResolvedValue();
  isSignedIn.set(false);
  TestBed.configureTestingModule({
    providers: [provideRouter([]), { provide: Session, useValue: { signIn, isSignedIn } }],
  });
  navigate = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
  fixture = TestBed.createComponent(SignIn);
  loader = TestbedHarnessEnvironment.loader(fixture);
  await fixture.whenStable();
});

afterEach(() => jest.useRealTimers());

function reject(status: number, headers: Record<string, string> = {}): void {
  const error = { code: 'throttled', detail: 'Too many attempts.', status };
  signIn.mockRejectedValue(new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) }));
}

async function submit(name: string, password: string): Promise<MatButtonHarness> {
  const [nameField, passwordField] = await loader.getAllHarnesses(MatInputHarness);
  await nameField?.setValue(name);
  await passwordField?.setValue(password);
  const button = await loader.getHarness(MatButtonHarness.with({ selector: '[type=submit]' }));
  await button.click();
  return button;
}

/** Makes the server ask for a code. */
function askForCode(): void {
  const error = { code: 'second_factor_required', detail: 'Send a code.', status: 401 };
  signIn.mockRejectedValueOnce(new HttpErrorResponse({ status: 401, error }));
}

function alert(): string {
  const element = fixture.nativeElement as HTMLElement;
  return element.querySelector('[role=alert]')?.textContent?.trim() ?? '';
}

describe('SignIn', () => {
  it.each([
    [false, true],
    [true, false],
  ])('with a secure connection (%s), warns that a reload signs out: %s', async (isSecure, isWarning) => {
    Object.defineProperty(window, 'isSecureContext', { value: isSecure, configurable: true });
    fixture = TestBed.createComponent(SignIn);
    await fixture.whenStable();

    const { textContent } = fixture.nativeElement as HTMLElement;
    expect(textContent.includes('reloading the page will sign you out')).toBe(isWarning);
    Reflect.deleteProperty(window, 'isSecureContext');
  });

  it('returns to the requested page', async () => {
    fixture.componentRef.setInput('returnTo', '/users?page=2');

    await submit('anna', 'secret');

    expect(navigate).toHaveBeenCalledWith('/users?page=2', { replaceUrl: true });
  });

  it('returns to the requested page when the user signs in in another tab', async () => {
    fixture.componentRef.setInput('returnTo', '/users?page=2');
    await fixture.whenStable();
    expect(navigate).not.toHaveBeenCalled();

    isSignedIn.set(true);
    await fixture.whenStable();

    expect(navigate).toHaveBeenCalledWith('/users?page=2', { replaceUrl: true });
  });

  it('reports empty fields without a request', async () => {
    await submit('', '');

    const [nameField] = await loader.getAllHarnesses(MatFormFieldHarness);
    expect(await nameField?.getTextErrors()).toEqual(['This field is required.']);
    expect(signIn).not.toHaveBeenCalled();
  });

  it('asks for a code when the server requires one, and sends it', async () => {
    askForCode();
    const button = await submit('anna', 'secret');

    const [, , codeField] = await loader.getAllHarnesses(MatInputHarness);
    expect(await codeField?.isFocused()).toBe(true);
    expect(alert()).toBe('');
    await codeField?.setValue('123 456');
    askForCode();
    await button.click();
    const [, , formField] = await loader.getAllHarnesses(MatFormFieldHarness);
    expect(await formField?.getTextErrors()).toEqual([
      'The code is wrong, or was used before. Enter the next one.',
    ]);
    expect(await codeField?.getValue()).toBe('');
    await codeField?.setValue('234 567');
    await button.click();

    expect(signIn.mock.calls.map(([, , , code]) => code)).toEqual(['', '123 456', '234 567']);
    expect(navigate).toHaveBeenCalledWith('/', { replaceUrl: true });
  });

  it('shows known notices from the URL only', async () => {
    const text = async (notice: string): Promise<string> => {
      fixture.componentRef.setInput('notice', notice);
      await fixture.whenStable();
      return (fixture.nativeElement as HTMLElement).querySelector('[role=status]')?.textContent ?? '';
    };

    expect(await text('session-ended')).toContain('Your session has expired');
    expect(await text('Call this number')).toBe('');
  });

  it('reports the end of the wait in place of the error', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setTimeout', 'requestAnimationFrame'] });
    reject(429, { 'Retry-After': '1' });

    const button = await submit('anna', 'wrong');
    const isOver = () =>
      (fixture.nativeElement as HTMLElement).querySelector('app-form-error.plain') !== null;
    const wasOver = isOver();
    jest.advanceTimersByTime(1_000);
    await fixture.whenStable();

    expect(await button.getText()).toBe('Sign in');
    expect([wasOver, isOver()]).toEqual([false, true]);
    expect(alert()).toContain('You can try again now.');
  });
});
