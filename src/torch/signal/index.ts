export * as windows from './windows';
