export * from '@ductape/sdk';
export { default } from '@ductape/sdk';
