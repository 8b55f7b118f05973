import { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Location } from '@angular/common';
import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { ActivatedRoute, convertToParamMap, provideRouter } from '@angular/router';
import { jest } from '@jest/globals';
import { BehaviorSubject, type Observable, of, throwError } from 'rxjs';
import { Session } from '../core/session';
import { SetUp } from './set-up';

const get = jest.fn<(url: string) => Observable<unknown>>();
const post = jest.fn<(url: string, body: unknown) => Observable<unknown>>();
let fixture: ComponentFixture<SetUp>;
let links: BehaviorSubject<string | null>;
let loader: HarnessLoader;
let replaceState: jest.SpiedFunction<Location['replaceState']>;

function open(fragment: string | null, query: { name?: string } = {}): void {
  links = new BehaviorSubject(fragment);
  const snapshot = { fragment, queryParamMap: convertToParamMap(query) };
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: ActivatedRoute, useValue: { snapshot, fragment: links } },
      { provide: HttpClient, useValue: { get, post } },
      { provide: Session, useValue: { can: () => false } },
    ],
  });
  replaceState = jest.spyOn(TestBed.inject(Location), 'replaceState');
  fixture = TestBed.createComponent(SetUp);
  loader = TestbedHarnessEnvironment.loader(fixture);
}

async function submit(password: string, repeated: string): Promise<void> {
  const [first, second] = await loader.getAllHarnesses(MatInputHarness);
  await first?.setValue(password);
  await second?.setValue(repeated);
  await (await loader.getHarness(MatButtonHarness.with({ selector: '[type=submit]' }))).click();
}

function heading(): string {
  return (fixture.nativeElement as HTMLElement).querySelector('h1')?.textContent ?? '';
}

beforeEach(() => {
  get.mockReset().mockReturnValue(of({ mail: false, password: { minLength: 15 } }));
  post.mockReset().mockReturnValue(of(undefined));
});

describe('SetUp', () => {
  it('removes the secret from the address bar', () => {
    open('s3cret');

    expect(replaceState).toHaveBeenCalledWith('/set-up');
  });

  it('rejects two different passwords', async () => {
    open('s3cret');

    await submit('correct horse battery', 'correct horse batter');

    const [, repeated] = await loader.getAllHarnesses(MatFormFieldHarness);
    expect(await repeated?.getTextErrors()).toEqual(['The passwords do not match.']);
    expect(post).not.toHaveBeenCalled();
  });

  it('explains a link without a secret', async () => {
    open(null);
    await fixture.whenStable();

    expect(heading()).toBe('This link is incomplete');
  });

  it.each([true, false])(
    'offers another link after a rejected one if the server sends e-mail: %s',
    async (mail) => {
      get.mockReturnValue(of({ mail, password: { minLength: 15 } }));
      open('old');
      post.mockReturnValueOnce(
        throwError(() => new HttpErrorResponse({ status: 401, error: { status: 401 } })),
      );
      await submit('correct horse battery', 'correct horse battery');

      expect(heading()).toBe('This link no longer works');
      expect(await loader.hasHarness(MatButtonHarness.with({ text: 'Forgot your password?' }))).toBe(mail);
    },
  );

  it('starts again with another link, and removes its secret too', async () => {
    open('old');
    post.mockReturnValueOnce(
      throwError(() => new HttpErrorResponse({ status: 401, error: { status: 401 } })),
    );
    await submit('correct horse battery', 'correct horse battery');

    replaceState.mockClear();
    links.next('new');
    expect(replaceState).toHaveBeenCalledWith('/set-up');
    await submit('another long password', 'another long password');

    expect(post).toHaveBeenLastCalledWith(
      '/auth/set-up',
      { secret: 'new', password: 'another long password' },
      expect.anything(),
    );
  });
});
