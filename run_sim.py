"""Run the simulator from a checkout: ``python run_sim.py --help``."""

if __name__ == "__main__":
    # Not above: a spawned worker reads this file again and needs none of the commands.
    try:
        from sim.cli import command

        command()
    except KeyboardInterrupt:
        # Pressed while the libraries were still being loaded.
        raise SystemExit(130) from None
