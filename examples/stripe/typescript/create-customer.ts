import Ductape from '@ductape/sdk';

// The server's address and the key come from DUCTAPE_URL and DUCTAPE_KEY.
const ductape = new Ductape({});

const customer = await ductape.actions.run<{ id: string; email: string }>({
  env: 'dev',
  product: 'my-product',
  app: 'stripe-app',
  event: 'create_customer',
  input: { body: { email: 'ts@example.com', name: 'Typed Script' } },
});

console.log('created', customer.id, 'for', customer.email);
