import { TestBed } from '@angular/core/testing';
import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless/index.mjs';
import { TEXTS_AT_START } from './app/core/language';
import { EN } from './app/core/texts/en';

setupZonelessTestEnv();

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [{ provide: TEXTS_AT_START, useValue: EN }] });
});
