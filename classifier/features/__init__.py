"""Feature matrices from a `LineBatch`: numpy only, stateless, the same in any process or batch."""
