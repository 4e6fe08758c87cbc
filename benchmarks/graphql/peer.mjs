// The peer: @neo4j/graphql over the same database, served by GraphQL Yoga (which keeps parsed and
// validated documents). Arguments: Bolt address, password.
import { createServer } from "node:http";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const typeDefs = /* GraphQL */ `
  type Paper @node {
    id: ID!
    title: String!
    published_at: String!
    uses: [Entity!]! @relationship(type: "USES", direction: OUT, properties: "Claim")
  }
  type Entity @node {
    id: ID!
    name: String!
    usedBy: [Paper!]! @relationship(type: "USES", direction: IN, properties: "Claim")
  }
  type Claim @relationshipProperties {
    confidence: Float!
    evidence: String!
  }
`;
const [address, password] = process.argv.slice(2);
const driver = neo4j.driver(address, neo4j.auth.basic("neo4j", password));
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const yoga = createYoga({ schema, logging: false, graphiql: false, maskedErrors: false });
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
