import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialog } from '@angular/material/dialog';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { confirmed, type Question } from './confirm';

@Component({ template: '' })
class Page {
  readonly dialog = inject(MatDialog);
}

const question: Question = {
  heading: 'Delete anna?',
  consequences: ['Gone.'],
  action: 'Delete',
  typed: 'anna',
};
let loader: HarnessLoader;
let answer: Promise<boolean>;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [{ provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } }],
  });
  const fixture = TestBed.createComponent(Page);
  loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
  answer = confirmed(fixture.componentInstance.dialog, question);
});

const press = async (text: string) => (await loader.getHarness(MatButtonHarness.with({ text }))).click();

describe('confirmed', () => {
  it('stays open until the word is typed', async () => {
    await press('Delete');
    expect(await loader.getAllHarnesses(MatDialogHarness)).toHaveLength(1);

    await (await loader.getHarness(MatInputHarness)).setValue('anna');
    await press('Delete');
    expect(await answer).toBe(true);
  });

  it('returns false when cancelled', async () => {
    await press('Cancel');

    expect(await answer).toBe(false);
  });
});
