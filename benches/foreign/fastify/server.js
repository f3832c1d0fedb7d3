// Fastify, verified by the official npm library of Standard Webhooks.
const fastify = require('fastify')({ bodyLimit: 1024 * 1024 })
const { Webhook } = require('standardwebhooks')

const webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')

fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
fastify.post('/webhooks/new-subscription', async (request, reply) => {
  let subscription
  try {
    subscription = webhook.verify(request.body, request.headers)
  } catch {
    return reply.code(401).send()
  }
  if (typeof subscription.username !== 'string' || typeof subscription.monthly_fee !== 'number') {
    return reply.code(422).send()
  }
  return { message: 'welcome' }
})

// As every peer does: says where it listens, answers each line with a number, ends with its standard input.
process.stdin.on('data', () => console.log(0))
process.stdin.on('end', () => process.exit(0))
fastify.listen({ host: '127.0.0.1', port: 0 }).then((url) => console.log(url.replace('http://', '')))
