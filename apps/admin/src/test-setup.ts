import { TestBed } from '@angular/core/testing';
import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless';
import { INITIAL_TEXTS } from './app/core/language';
import { EN } from './app/core/texts/en';

setupZonelessTestEnv();

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [{ provide: INITIAL_TEXTS, useValue: EN }] });
});
